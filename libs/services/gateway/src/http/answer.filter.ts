import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ErrorAnswers } from '../errors/answer-errors';

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
    void reply
      .code(status)
      .removeHeader('content-length')
      .send({ code, message, ...details });
  }
}
