import base64
import hashlib
import json
import os
import tempfile
import unittest
from pathlib import Path

import expected_gaps as gaps
from deployment import Deployment
from emulator import ACCOUNT, REGION, Emulator

STACK = "TelemetryApiKinesisExtensionStack"


class TelemetryStackTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.emulator = Emulator(Path(folder.name))
        cls.addClassCleanup(cls.emulator.stop)
        cls.deployment = Deployment(cls.emulator, Path(os.environ["ASSEMBLIES"]) / "telemetry-stack", STACK)
        cls.outputs = cls.deployment.outputs()
        cls.client = cls.emulator.client

    def test_all_is_created(self):
        self.assertEqual(self.deployment.refused, gaps.NOT_CREATED[STACK])
        self.assertEqual(len(self.deployment.left_out), gaps.RESOURCES_LEFT_OUT[STACK])
        resources = self.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        created = [one["LogicalResourceId"] for one in resources if one["ResourceStatus"] == "CREATE_COMPLETE"]
        self.assertEqual(sorted(created), sorted(self.deployment.template["Resources"]))

    def test_names_are_those_of_the_stack(self):
        self.assertEqual(self.outputs["StreamName"], "telemetry-kinesis-stream")
        summary = self.client("kinesis").describe_stream_summary(StreamName="telemetry-kinesis-stream")
        self.assertEqual(summary["StreamDescriptionSummary"]["StreamStatus"], "ACTIVE")
        layers = self.client("lambda").list_layers()["Layers"]
        self.assertEqual([layer["LayerName"] for layer in layers], ["kinesis-telemetry-api-extension"])
        parameters = self.client("ssm").get_parameters_by_path(Path="/telemetry/kinesis", Recursive=True)["Parameters"]
        self.assertEqual(
            {parameter["Name"]: parameter["Value"] for parameter in parameters},
            {
                "/telemetry/kinesis/extension/arn": layers[0]["LatestMatchingVersion"]["LayerVersionArn"],
                "/telemetry/kinesis/runtime/policy/arn": (
                    f"arn:aws:iam::{ACCOUNT}:policy/kinesis-telemetry-api-extension-managed-policy"
                ),
                "/telemetry/kinesis/stream/arn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/telemetry-kinesis-stream",
            },
        )

    def test_the_layer_is_the_zip_of_the_package(self):
        layer = self.client("lambda").get_layer_version(LayerName="kinesis-telemetry-api-extension", VersionNumber=1)
        [declared] = self.deployment.declared("AWS::Lambda::LayerVersion").values()
        assembly = Path(os.environ["ASSEMBLIES"]) / "telemetry-stack"
        zip_file = (assembly / f"asset.{declared['Content']['S3Key']}").read_bytes()
        self.assertEqual(layer["Content"]["CodeSha256"], base64.b64encode(hashlib.sha256(zip_file).digest()).decode())
        self.assertEqual(sorted(layer["CompatibleArchitectures"]), ["arm64", "x86_64"])

    def test_the_sample_function_has_layer_and_variable_and_works(self):
        name = self.outputs["SampleFunctionName"]
        configuration = self.client("lambda").get_function_configuration(FunctionName=name)
        self.assertEqual(len(configuration["Layers"]), 1)
        variables = configuration["Environment"]["Variables"]
        self.assertEqual(variables["KINESIS_TELEMETRY_STREAM"], "telemetry-kinesis-stream")
        answer = self.client("lambda").invoke(FunctionName=name, Payload=b'{"orderId":"42"}')
        self.assertEqual(json.loads(answer["Payload"].read()), {"ok": True})

    def test_the_stack_goes_without_a_trace(self):
        emulator = Emulator(Path(self.emulator_folder()))
        self.addCleanup(emulator.stop)
        assembly = Path(os.environ["ASSEMBLIES"]) / "telemetry-stack"
        deployment = Deployment(emulator, assembly, STACK)
        deployment.remove()
        self.assertEqual(emulator.client("kinesis").list_streams()["StreamNames"], [])
        self.assertEqual(emulator.client("lambda").list_functions()["Functions"], [])
        left = emulator.client("ssm").get_parameters_by_path(Path="/telemetry", Recursive=True)["Parameters"]
        self.assertEqual(left, [])

    def emulator_folder(self) -> str:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return folder.name
