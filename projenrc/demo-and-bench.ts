import { type awscdk, Component } from 'projen';

/** What runs the built layer to be looked at, and to be measured. */
export class DemoAndBench extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    project.addTask('demo', {
      description: 'A Lambda sandbox on this machine: a real handler, the built layer, a Kinesis endpoint',
      steps: [{ spawn: 'extension:bundle' }, { execArgs: ['tsx', 'sandbox/src/demo/main.ts'], receiveArgs: true }],
    });
    project.addTask('bench', {
      description: 'Measure what the extension costs, beside the least a Node.js extension can be',
      steps: [{ spawn: 'extension:bundle' }, { execArgs: ['tsx', 'bench/main.ts'], receiveArgs: true }],
    });
    project.addTask('bench:fleet', {
      description: 'Simulate a fleet with the real encoder and key choice: the figures of docs/cost-and-scale.md',
      execArgs: ['tsx', 'bench/fleet.ts'],
    });
  }
}
