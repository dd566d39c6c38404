import { SurveyRow, type AssetSurvey } from '@solvent-por/snapshot';
import { SourceReader, type SourceSummary, type SurveyOptions } from './source-reader';

/** What there is in an input. */
export interface Survey extends SourceSummary {
  readonly assets: readonly AssetSurvey[];
  /** The largest equity or debt of one account over all tokens: what bounds an account in `aggregate`. */
  readonly largestSum: bigint;
}

/**
 * Reads the whole input without asking whether it can be proved: how much there is of each asset, and who
 * holds none. Form and ids are checked as ever, amounts may have any size.
 *
 * @param options.config may list more assets than a header holds (`parseWideConfig`)
 * @throws SolventError RowCode and InputCode
 */
export async function surveyInput(options: SurveyOptions): Promise<Survey> {
  const row = new SurveyRow(options.config);
  const source = await SourceReader.survey(options, row);
  try {
    for await (const _file of source.chunks()) while (source.next());
  } catch (error) {
    throw await source.located(error);
  }
  return {
    ...source.summary(),
    assets: row.found(),
    largestSum: row.largestSum,
  };
}
