import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ErrorAnswers } from '../errors/answer-errors';

const OF_FILES = [
  ...['content-type', 'content-length', 'content-range', 'accept-ranges'],
  ...['cache-control', 'etag', 'last-modified'],
];

/**
 * Errors of resolvers pass on to GraphQL's own formatting; those of REST are answered with code and message.
 */
@Catch()
export class AnswerFilter implements ExceptionFilter {
  constructor(private readonly answers: ErrorAnswers) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<string>() !== 'http') throw error;
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    if (error instanceof HttpException) {
      // Nest's own: a path that nobody serves; terminus' list of checks.
      void reply.code(error.getStatus()).send(error.getResponse());
      return;
    }
    const { code, message, status, details } = this.answers.of(error, reply.request.id);
    if (details['retryAfter'] !== undefined) reply.header('retry-after', details['retryAfter']);
    // What was said of the file that was to be sent: an error is kept by nobody under its tag.
    for (const header of OF_FILES) reply.removeHeader(header);
    void reply.code(status).send({ code, message, ...details });
  }
}
