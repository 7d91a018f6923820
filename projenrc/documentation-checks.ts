import { type awscdk, Component } from 'projen';

/** What we do otherwise than CDK's own modules, and why. */
const AWSLINT_EXCLUDE = [
  // Layers, variables and policies are added to the function itself, and keys and grants are the stream's and the
  // bucket's: a reference to the L1 (`IFunctionRef`) has none of these.
  'prefer-ref-interface:cdk-kinesis-telemetry-extension.*',
  // CDK's own, which awslint reports for whoever uses them
  'prefer-ref-interface:aws-cdk-lib.*',
  // Grants of an L3, with less in them than those of the stream (PutRecords alone). A class of grants beside the
  // construct is for L2s that belong to one resource.
  'no-grants:cdk-kinesis-telemetry-extension.*',
  // CDK's base class marks mixins that ship with CDK; `constructs.IMixin` is all that `with()` asks for. The other two
  // are about the folders of CDK's own repository.
  'mixin-extends-base:cdk-kinesis-telemetry-extension.FunctionTelemetry',
  'mixin-file-location:cdk-kinesis-telemetry-extension.FunctionTelemetry',
  'mixin-namespace:cdk-kinesis-telemetry-extension.FunctionTelemetry',
  // a threshold in seconds, not a duration: an AlarmThreshold like all others, whose unit only its name can tell
  'duration-prop-type:cdk-kinesis-telemetry-extension.TelemetryAlarmThresholds.archiveLateSeconds',
  'duration-prop-name:cdk-kinesis-telemetry-extension.TelemetryAlarmThresholds.archiveLateSeconds',
];

/**
 * The examples of README and TSDoc are compiled, and the public API is held to CDK's own rules, at each build. What
 * rosetta compiles pacmak translates to Python, Java and Go.
 */
export class DocumentationChecks extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary) {
    super(project);
    project.addDevDeps('awslint@2.262.2-alpha.0'); // npm's `latest` is an old one that finds nothing
    const rosetta = project.addTask('rosetta', {
      description: 'Compile the examples of README and TSDoc',
      execArgs: ['jsii-rosetta', 'extract', '--strict'],
    });
    const awslint = project.addTask('awslint', {
      description: "Hold the public API to CDK's own rules",
      execArgs: ['awslint'],
    });
    project.postCompileTask.spawn(rosetta);
    project.postCompileTask.spawn(awslint);
    project.package.addField('awslint', { exclude: AWSLINT_EXCLUDE });
  }
}
