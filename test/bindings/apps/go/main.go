package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskinesis"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"
	"github.com/kinesis-telemetry/cdk-kinesis-telemetry-extension-go/kinesistelemetry"
)

func fn(stack awscdk.Stack, id string) awslambda.Function {
	return awslambda.NewFunction(stack, jsii.String(id), &awslambda.FunctionProps{
		Runtime: awslambda.Runtime_NODEJS_22_X(),
		Handler: jsii.String("index.handler"),
		Code:    awslambda.Code_FromInline(jsii.String(`exports.handler = async () => console.log("hello");`)),
	})
}

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)

	producer := awscdk.NewStack(app, jsii.String("Producer"), nil)
	plain := kinesistelemetry.NewKinesisTelemetryExtension(producer, jsii.String("Plain"), nil)
	plain.AddToFunction(fn(producer, "PlainFunction"), nil)
	tuned := kinesistelemetry.NewKinesisTelemetryExtension(producer, jsii.String("Tuned"),
		&kinesistelemetry.KinesisTelemetryExtensionProps{
			ParameterPrefix: jsii.String("/telemetry/tuned"),
			StreamProps: &awskinesis.StreamProps{
				ShardCount:    jsii.Number(2),
				RemovalPolicy: awscdk.RemovalPolicy_DESTROY,
			},
			Options: &kinesistelemetry.ExtensionOptions{
				FlushStrategy:  kinesistelemetry.FlushStrategy_Periodic(awscdk.Duration_Seconds(jsii.Number(2))),
				RecordFormat:   kinesistelemetry.RecordFormat_NDJSON_GZIP,
				TelemetryTypes: &[]kinesistelemetry.TelemetryType{kinesistelemetry.TelemetryType_FUNCTION},
				Buffering:      &kinesistelemetry.BufferingOptions{MaxItems: jsii.Number(1000)},
				Tags:           &map[string]*string{"stage": jsii.String("prod"), "team": jsii.String("shop")},
			},
		})
	tuned.AddToFunction(fn(producer, "TunedFunction"), &kinesistelemetry.ExtensionOptions{
		FlushTimeout: awscdk.Duration_Millis(jsii.Number(200)),
		LogLevel:     kinesistelemetry.ExtensionLogLevel_DEBUG,
	})

	consumer := awscdk.NewStack(app, jsii.String("Consumer"), nil)
	shared := kinesistelemetry.KinesisTelemetryExtension_FromParameters(consumer, jsii.String("Shared"), nil)
	shared.AddToFunction(fn(consumer, "SharedFunction"), nil)

	app.Synth(nil)
}
