// Telemetry of Lambda functions in a Kinesis stream: one function, a whole stack, and a consumer of the stream.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskinesis"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambdaeventsources"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/kinesis-telemetry/cdk-kinesis-telemetry-extension-go/kinesistelemetry"
)

func nodeFunction(scope constructs.Construct, id string) awslambda.Function {
	return awslambda.NewFunction(scope, jsii.String(id), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(jsii.String(`exports.handler = async () => console.log("hello");`)),
	})
}

// telemetryStack owns stream, layer and policy, publishes them as SSM parameters, and has one function with telemetry.
func telemetryStack(app awscdk.App) awscdk.Stack {
	stack := awscdk.NewStack(app, jsii.String("Telemetry"), nil)
	telemetry := kinesistelemetry.NewKinesisTelemetryExtension(stack, jsii.String("Telemetry"),
		&kinesistelemetry.KinesisTelemetryExtensionProps{
			StreamProps: &awskinesis.StreamProps{RemovalPolicy: awscdk.RemovalPolicy_DESTROY},
		})
	telemetry.AddToFunction(nodeFunction(stack, "Checkout"), nil)
	return stack
}

// shopStack is another stack: it finds the extension by its parameters, and attaches it to every function there is.
func shopStack(app awscdk.App) awscdk.Stack {
	stack := awscdk.NewStack(app, jsii.String("Shop"), nil)
	nodeFunction(stack, "Cart")
	nodeFunction(stack, "Search")
	telemetry := kinesistelemetry.KinesisTelemetryExtension_FromParameters(stack, jsii.String("Telemetry"), nil)
	kinesistelemetry.KinesisTelemetryAspect_AddTo(stack, telemetry, nil)
	return stack
}

// consumerStack reads the stream; it finds it by the same parameters.
func consumerStack(app awscdk.App) awscdk.Stack {
	stack := awscdk.NewStack(app, jsii.String("Consumer"), nil)
	telemetry := kinesistelemetry.KinesisTelemetryExtension_FromParameters(stack, jsii.String("Telemetry"), nil)
	consumer := awslambda.NewFunction(stack, jsii.String("Consumer"), &awslambda.FunctionProps{
		Runtime:      awslambda.Runtime_PROVIDED_AL2023(),
		Architecture: awslambda.Architecture_ARM_64(),
		Handler:      jsii.String("bootstrap"),
		Code:         awslambda.Code_FromAsset(jsii.String("consumer/dist"), nil),
		Timeout:      awscdk.Duration_Seconds(jsii.Number(30)),
	})
	telemetry.GrantRead(consumer)
	consumer.AddEventSource(awslambdaeventsources.NewKinesisEventSource(telemetry.Stream(),
		&awslambdaeventsources.KinesisEventSourceProps{
			StartingPosition:        awslambda.StartingPosition_LATEST,
			ReportBatchItemFailures: jsii.Bool(true),
			BisectBatchOnError:      jsii.Bool(true),
			RetryAttempts:           jsii.Number(3), // a record that cannot be read must not hold up its shard
		}))
	return stack
}

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	owner := telemetryStack(app)
	shopStack(app).AddDependency(owner, nil)
	consumerStack(app).AddDependency(owner, nil)
	app.Synth(nil)
}
