from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from cdk_kinesis_telemetry_extension import (
    BufferingOptions,
    ExtensionLogLevel,
    ExtensionOptions,
    FlushStrategy,
    KinesisTelemetryExtension,
    RecordFormat,
    TelemetryType,
)

app = App()


def fn(stack: Stack, id: str) -> lambda_.Function:
    return lambda_.Function(
        stack,
        id,
        runtime=lambda_.Runtime.NODEJS_22_X,
        handler="index.handler",
        code=lambda_.Code.from_inline('exports.handler = async () => console.log("hello");'),
    )


producer = Stack(app, "Producer")
KinesisTelemetryExtension(producer, "Plain").add_to_function(fn(producer, "PlainFunction"))
tuned = KinesisTelemetryExtension(
    producer,
    "Tuned",
    parameter_prefix="/telemetry/tuned",
    stream_props=kinesis.StreamProps(shard_count=2, removal_policy=RemovalPolicy.DESTROY),
    options=ExtensionOptions(
        flush_strategy=FlushStrategy.periodic(Duration.seconds(2)),
        record_format=RecordFormat.NDJSON_GZIP,
        telemetry_types=[TelemetryType.FUNCTION],
        buffering=BufferingOptions(max_items=1000),
        tags={"stage": "prod", "team": "shop"},
    ),
)
tuned.add_to_function(
    fn(producer, "TunedFunction"),
    flush_timeout=Duration.millis(200),
    log_level=ExtensionLogLevel.DEBUG,
)

consumer = Stack(app, "Consumer")
shared = KinesisTelemetryExtension.from_parameters(consumer, "Shared")
shared.add_to_function(fn(consumer, "SharedFunction"))

app.synth()
