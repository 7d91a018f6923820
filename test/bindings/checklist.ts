/** Runs checks one after the other, prints each as it ends, and counts. */
export class Checklist {
  public passed = 0;
  public failed = 0;
  public skipped = 0;

  /** What the check returns, or undefined where it has failed. */
  public async check<T>(name: string, run: () => Promise<T> | T): Promise<T | undefined> {
    const started = Date.now();
    const seconds = () => ((Date.now() - started) / 1_000).toFixed(1);
    try {
      const result = await run();
      this.passed += 1;
      console.log(`  ok      ${name} (${seconds()} s)`);
      return result;
    } catch (error) {
      this.failed += 1;
      console.log(`  FAILED  ${name} (${seconds()} s)`);
      console.log(indented(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  }

  public skip(name: string, reason: string): void {
    this.skipped += 1;
    console.log(`  skipped ${name}: ${reason}`);
  }

  public summary(): string {
    const skipped = this.skipped > 0 ? `, ${this.skipped} skipped` : '';
    return `${this.passed} passed, ${this.failed} failed${skipped}`;
  }
}

function indented(text: string): string {
  return text.replace(/^/gm, '          ');
}
