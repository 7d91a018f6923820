package example;

import io.github.kinesistelemetry.cdk.IKinesisTelemetryExtension;
import io.github.kinesistelemetry.cdk.KinesisTelemetryAspect;
import io.github.kinesistelemetry.cdk.KinesisTelemetryExtension;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.kinesis.StreamProps;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.amazon.awscdk.services.lambda.eventsources.KinesisEventSource;
import software.constructs.Construct;

/** Telemetry of Lambda functions in a Kinesis stream: one function, a whole stack, and a consumer of the stream. */
public final class TelemetryApp {
    private TelemetryApp() {}

    private static Function nodeFunction(final Construct scope, final String id) {
        return Function.Builder.create(scope, id)
                .runtime(Runtime.NODEJS_22_X)
                .handler("index.handler")
                .code(Code.fromInline("exports.handler = async () => console.log(\"hello\");"))
                .build();
    }

    /** Owns stream, layer and policy, publishes them as SSM parameters, and has one function with telemetry. */
    private static Stack telemetryStack(final App app) {
        final Stack stack = new Stack(app, "Telemetry");
        final KinesisTelemetryExtension telemetry = KinesisTelemetryExtension.Builder.create(stack, "Telemetry")
                .streamProps(StreamProps.builder().removalPolicy(RemovalPolicy.DESTROY).build())
                .build();
        telemetry.addToFunction(nodeFunction(stack, "Checkout"));
        return stack;
    }

    /** Another stack: finds the extension by its parameters, and attaches it to every function there is. */
    private static Stack shopStack(final App app) {
        final Stack stack = new Stack(app, "Shop");
        nodeFunction(stack, "Cart");
        nodeFunction(stack, "Search");
        KinesisTelemetryAspect.addTo(stack, KinesisTelemetryExtension.fromParameters(stack, "Telemetry"));
        return stack;
    }

    /** Reads the stream; finds it by the same parameters. */
    private static Stack consumerStack(final App app) {
        final Stack stack = new Stack(app, "Consumer");
        final IKinesisTelemetryExtension telemetry = KinesisTelemetryExtension.fromParameters(stack, "Telemetry");
        final Function consumer = Function.Builder.create(stack, "Consumer")
                .runtime(Runtime.JAVA_21)
                .handler("example.ConsumerHandler::handleRequest")
                .code(Code.fromAsset("consumer/target/consumer.jar"))
                .memorySize(512)
                .timeout(Duration.seconds(30))
                .build();
        telemetry.grantRead(consumer);
        consumer.addEventSource(KinesisEventSource.Builder.create(telemetry.getStream())
                .startingPosition(StartingPosition.LATEST)
                .reportBatchItemFailures(true)
                .bisectBatchOnError(true)
                .retryAttempts(3) // a record that cannot be read must not hold up its shard
                .build());
        return stack;
    }

    public static void main(final String[] args) {
        final App app = new App();
        final Stack owner = telemetryStack(app);
        shopStack(app).addDependency(owner);
        consumerStack(app).addDependency(owner);
        app.synth();
    }
}
