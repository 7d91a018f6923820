"""Telemetry of Lambda functions in a Kinesis stream: one function, a whole stack, and a consumer of the stream."""

import os

from aws_cdk import App, Duration, RemovalPolicy, Stack
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from cdk_kinesis_telemetry_extension import KinesisTelemetryAspect, KinesisTelemetryExtension
from constructs import Construct

HERE = os.path.dirname(os.path.abspath(__file__))


def node_function(scope: Construct, id: str) -> lambda_.Function:
    return lambda_.Function(
        scope,
        id,
        runtime=lambda_.Runtime.NODEJS_22_X,
        handler="index.handler",
        code=lambda_.Code.from_inline('exports.handler = async () => console.log("hello");'),
    )


class TelemetryStack(Stack):
    """Owns stream, layer and policy, publishes them as SSM parameters, and has one function with telemetry."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        telemetry = KinesisTelemetryExtension(
            self, "Telemetry", stream_props=kinesis.StreamProps(removal_policy=RemovalPolicy.DESTROY)
        )
        telemetry.add_to_function(node_function(self, "Checkout"))


class ShopStack(Stack):
    """Another stack: finds the extension by its parameters, and attaches it to every function there is."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        node_function(self, "Cart")
        node_function(self, "Search")
        KinesisTelemetryAspect.add_to(self, KinesisTelemetryExtension.from_parameters(self, "Telemetry"))


class ConsumerStack(Stack):
    """Reads the stream; finds it by the same parameters."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        telemetry = KinesisTelemetryExtension.from_parameters(self, "Telemetry")
        consumer = lambda_.Function(
            self,
            "Consumer",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="handler.handler",
            code=lambda_.Code.from_asset(os.path.join(HERE, "consumer"), exclude=["__pycache__"]),
            timeout=Duration.seconds(30),
        )
        telemetry.grant_read(consumer)
        consumer.add_event_source(
            event_sources.KinesisEventSource(
                telemetry.stream,
                starting_position=lambda_.StartingPosition.LATEST,
                report_batch_item_failures=True,
                bisect_batch_on_error=True,
                retry_attempts=3,  # a record that cannot be read must not hold up its shard
            )
        )


app = App()
telemetry_stack = TelemetryStack(app, "Telemetry")
ShopStack(app, "Shop").add_dependency(telemetry_stack)
ConsumerStack(app, "Consumer").add_dependency(telemetry_stack)
app.synth()
