import type { IConstruct } from 'constructs';

/** Runs `act` when the tree is complete: validation comes after all Aspects. Without synthesis it does not run. */
export function afterAspects(construct: IConstruct, act: () => void): void {
  construct.node.addValidation({
    validate: () => {
      act();
      return [];
    },
  });
}
