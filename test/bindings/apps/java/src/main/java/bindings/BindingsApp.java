package bindings;

import io.github.kinesistelemetry.cdk.BufferingOptions;
import io.github.kinesistelemetry.cdk.ExtensionLogLevel;
import io.github.kinesistelemetry.cdk.ExtensionOptions;
import io.github.kinesistelemetry.cdk.FlushStrategy;
import io.github.kinesistelemetry.cdk.IKinesisTelemetryExtension;
import io.github.kinesistelemetry.cdk.KinesisTelemetryExtension;
import io.github.kinesistelemetry.cdk.RecordFormat;
import io.github.kinesistelemetry.cdk.TelemetryType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.kinesis.StreamProps;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;

public final class BindingsApp {
    private BindingsApp() {}

    private static Function fn(final Stack stack, final String id) {
        return Function.Builder.create(stack, id)
                .runtime(Runtime.NODEJS_22_X)
                .handler("index.handler")
                .code(Code.fromInline("exports.handler = async () => console.log(\"hello\");"))
                .build();
    }

    public static void main(final String[] args) {
        final App app = new App();

        final Stack producer = new Stack(app, "Producer");
        new KinesisTelemetryExtension(producer, "Plain").addToFunction(fn(producer, "PlainFunction"));
        final KinesisTelemetryExtension tuned = KinesisTelemetryExtension.Builder.create(producer, "Tuned")
                .parameterPrefix("/telemetry/tuned")
                .streamProps(StreamProps.builder().shardCount(2).removalPolicy(RemovalPolicy.DESTROY).build())
                .options(ExtensionOptions.builder()
                        .flushStrategy(FlushStrategy.periodic(Duration.seconds(2)))
                        .recordFormat(RecordFormat.NDJSON_GZIP)
                        .telemetryTypes(List.of(TelemetryType.FUNCTION))
                        .buffering(BufferingOptions.builder().maxItems(1000).build())
                        .tags(new TreeMap<>(Map.of("stage", "prod", "team", "shop")))
                        .build())
                .build();
        tuned.addToFunction(fn(producer, "TunedFunction"), ExtensionOptions.builder()
                .flushTimeout(Duration.millis(200))
                .logLevel(ExtensionLogLevel.DEBUG)
                .build());

        final Stack consumer = new Stack(app, "Consumer");
        final IKinesisTelemetryExtension shared = KinesisTelemetryExtension.fromParameters(consumer, "Shared");
        shared.addToFunction(fn(consumer, "SharedFunction"));

        app.synth();
    }
}
