import { judgeBatch, lineJudge, type JudgeData, type JudgedBatch } from '@solvent-por/reserves';

/** Judges lines of one publication of reserves. */
export async function start(data: JudgeData) {
  const judge = lineJudge(data);
  return {
    async judge(lines: readonly Uint8Array[]): Promise<JudgedBatch> {
      return judgeBatch(judge, lines);
    },
  };
}
