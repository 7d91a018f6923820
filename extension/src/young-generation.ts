/** Batches, of 1 MiB in such traffic: a burst of 100,000 events is half over by then, and spared half of the extra collections. */
const HELD_AFTER_BATCHES = 32;
const FLAG = '--semi-space-growth-factor=1';

/**
 * V8 lets its young generation grow from 1 to 16 MiB a half in a process that allocates steadily. One that has sent
 * this much does so for long: from then on the generation keeps its size, which holds 20 to 40 MiB of private dirty
 * memory back for 5 to 10 % more CPU (docs/decisions/0002-encode-on-arrival.md). Not a flag of the command line, which
 * would make Node.js compile its own modules at every cold start. Call the returned function with every batch.
 */
export function youngGenerationHold(setFlags: (flags: string) => void = setV8Flags): () => void {
  let batches = 0;
  return () => {
    batches += 1;
    if (batches === HELD_AFTER_BATCHES) setFlags(FLAG);
  };
}

/** Loaded here alone: most environments never send as much. */
function setV8Flags(flags: string): void {
  (require('node:v8') as typeof import('node:v8')).setFlagsFromString(flags);
}
