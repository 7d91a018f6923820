import { Duration, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { optionError } from '../validation';

const MS_PER_DAY = 86_400_000;
/** Ten years: S3 takes more, but a table has a partition for every hour of it. */
const MAX_DAYS = 3_650;

/** How long an archive keeps what it has, in days. */
export interface ArchiveDays {
  readonly events: number;
  readonly queryResults: number;
}

export function archiveDays(
  scope: IConstruct,
  props: { readonly retention?: Duration; readonly queryResultRetention?: Duration },
): ArchiveDays {
  const { retention = Duration.days(90), queryResultRetention = Duration.days(7) } = props;
  return {
    events: wholeDays(scope, 'retention', retention),
    queryResults: wholeDays(scope, 'queryResultRetention', queryResultRetention),
  };
}

/** For lifecycle rules, which know days alone. No tokens: the number becomes part of a string of the table. */
function wholeDays(scope: IConstruct, option: string, value: Duration): number {
  const allowed = `a whole number of days from 1 to ${MAX_DAYS}`;
  if (value.isUnresolved()) throw optionError(scope, option, 'a token', allowed);
  const days = value.toMilliseconds({ integral: false }) / MS_PER_DAY;
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw optionError(scope, option, value.toHumanString(), allowed);
}

export function wholeSeconds(scope: IConstruct, option: string, value: Duration, min: number, max: number): number {
  const seconds = value.toSeconds({ integral: false });
  if (Token.isUnresolved(seconds) || (Number.isInteger(seconds) && seconds >= min && seconds <= max)) return seconds;
  throw optionError(scope, option, value.toHumanString(), `a whole number of seconds from ${min} to ${max}`);
}
