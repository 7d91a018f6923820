/** A seeded source of randomness (mulberry32): the same fleet in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function logNormal(random: () => number, mean: number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return mean * Math.exp(sigma * normal - (sigma * sigma) / 2);
}

/** One flush of one environment: what leaves it at once. */
export interface Flush {
  readonly second: number;
  readonly environment: number;
  readonly functionIndex: number;
  readonly events: number;
}

const ENVIRONMENTS_PER_FUNCTION = 25;
const ZIPF = 1.1;
const MEAN_FLUSHES_PER_SECOND = 0.5;
const MEAN_EVENTS = 20;
const MAX_EVENTS = 2_000;

/**
 * A fleet as fleets are: a few functions have most of the environments (Zipf 1.1), some environments are much busier
 * than others (log-normal rate, sigma 0.8), and flushes differ in size (log-normal, sigma 1.2, mean 20 events).
 */
export function* fleetTraffic(environments: number, seconds: number, random: () => number): Generator<Flush> {
  const functions = Math.max(1, Math.round(environments / ENVIRONMENTS_PER_FUNCTION));
  const shares = Array.from({ length: functions }, (_, rank) => 1 / (rank + 1) ** ZIPF);
  const sum = shares.reduce((total, share) => total + share, 0);
  let environment = 0;
  for (const [functionIndex, share] of shares.entries()) {
    const count =
      functionIndex === functions - 1 ? environments - environment : Math.round((environments * share) / sum);
    for (let index = 0; index < count && environment < environments; index += 1, environment += 1) {
      const rate = logNormal(random, MEAN_FLUSHES_PER_SECOND, 0.8);
      const gap = () => -Math.log(1 - random()) / rate; // of a Poisson process
      for (let at = gap(); at < seconds; at += gap()) {
        const events = Math.max(1, Math.min(MAX_EVENTS, Math.round(logNormal(random, MEAN_EVENTS, 1.2))));
        yield { second: Math.floor(at), environment, functionIndex, events };
      }
    }
  }
}
