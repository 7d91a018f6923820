import gzip
import json
import os
import re
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

import expected_gaps as gaps
from deployment import Deployment
from emulator import ACCOUNT, REGION, Emulator, eventually

STACK = "CompletePipeline"


def line(seq: int, **more) -> dict:
    identity = {"v": 1, "function_name": "orders", "instance_id": "one", "seq": seq, "request_id": f"r{seq}"}
    return {**identity, "time": "2026-11-21T10:00:00.000Z", **more}


class CompletePipelineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.emulator = Emulator(Path(folder.name))
        cls.addClassCleanup(cls.emulator.stop)
        cls.deployment = Deployment(cls.emulator, Path(os.environ["ASSEMBLIES"]) / "complete-pipeline", STACK)
        cls.outputs = cls.deployment.outputs()
        [cls.stream] = cls.deployment.physical_ids("AWS::Kinesis::Stream").values()
        cls.client = cls.emulator.client

    def function(self, prefix: str) -> str:
        functions = self.deployment.physical_ids("AWS::Lambda::Function")
        [name] = [name for logical_id, name in functions.items() if logical_id.startswith(prefix)]
        return name

    def test_all_is_created_but_what_the_emulator_is_known_not_to_understand(self):
        expected = gaps.NOT_CREATED[STACK]
        self.assertEqual(sorted(self.deployment.refused), sorted(expected))
        for kind, reason in expected.items():
            self.assertIn(reason, self.deployment.refused[kind])
        self.assertEqual(len(self.deployment.left_out), gaps.RESOURCES_LEFT_OUT[STACK])
        resources = self.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        created = [one["LogicalResourceId"] for one in resources if one["ResourceStatus"] == "CREATE_COMPLETE"]
        self.assertEqual(sorted(created), sorted(self.deployment.template["Resources"]))

    def test_the_stream_is_on_demand(self):
        summary = self.client("kinesis").describe_stream_summary(StreamName=self.stream)["StreamDescriptionSummary"]
        self.assertEqual(summary["StreamModeDetails"]["StreamMode"], "ON_DEMAND")
        self.assertEqual(summary["RetentionPeriodHours"], 24)
        [declared] = self.deployment.declared("AWS::Kinesis::Stream").values()
        self.assertEqual(declared["StreamEncryption"], {"EncryptionType": "KMS", "KeyId": "alias/aws/kinesis"})
        self.assertEqual(summary["EncryptionType"], gaps.STREAM_ENCRYPTION)

    def test_firehose_leads_from_the_stream_through_the_transform_to_the_bucket(self):
        [name] = self.client("firehose").list_delivery_streams()["DeliveryStreamNames"]
        described = self.client("firehose").describe_delivery_stream(DeliveryStreamName=name)
        description = described["DeliveryStreamDescription"]
        self.assertEqual(description["DeliveryStreamStatus"], "ACTIVE")
        source = description["Source"]["KinesisStreamSourceDescription"]
        self.assertEqual(source["KinesisStreamARN"], f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{self.stream}")
        destination = description["Destinations"][0]["ExtendedS3DestinationDescription"]
        self.assertEqual(destination["BucketARN"], f"arn:aws:s3:::{self.outputs['ArchiveBucket']}")
        self.assertEqual(destination["Prefix"], "events/dt=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/")
        self.assertEqual(destination["BufferingHints"], {"SizeInMBs": 64, "IntervalInSeconds": 300})
        self.assertEqual(destination["CompressionFormat"], "GZIP")
        self.assertTrue(destination["CloudWatchLoggingOptions"]["Enabled"])
        self.assertIn(":key/", destination["EncryptionConfiguration"]["KMSEncryptionConfig"]["AWSKMSKeyARN"])
        [processor] = destination["ProcessingConfiguration"]["Processors"]
        parameters = {one["ParameterName"]: one["ParameterValue"] for one in processor["Parameters"]}
        self.assertEqual(processor["Type"], "Lambda")
        self.assertTrue(parameters["LambdaArn"].split(":function:")[1].startswith(self.function("ArchiveTransform")))
        # both roles exist, and the one of the delivery carries its policy
        role = destination["RoleARN"].split("/")[-1]
        policies = self.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        self.assertEqual(len(policies), 1)

    def test_the_table_has_the_columns_of_the_template_and_projects_its_partitions(self):
        table = self.client("glue").get_table(DatabaseName=self.outputs["Database"], Name="events")["Table"]
        [declared] = self.deployment.declared("AWS::Glue::Table").values()
        columns = declared["TableInput"]["StorageDescriptor"]["Columns"]
        self.assertGreater(len(columns), 35)
        self.assertEqual(table["StorageDescriptor"]["Columns"], columns)
        self.assertEqual([key["Name"] for key in table["PartitionKeys"]], ["dt", "hour"])
        location = f"s3://{self.outputs['ArchiveBucket']}/events/"
        self.assertEqual(table["StorageDescriptor"]["Location"], location)
        parameters = table["Parameters"]
        self.assertEqual(parameters["projection.enabled"], "true")
        self.assertEqual(parameters["projection.dt.range"], "NOW-90DAYS,NOW+1DAYS")
        self.assertEqual(parameters["storage.location.template"], location + "dt=${dt}/hour=${hour}/")

    def test_the_workgroup_enforces_its_limit_and_its_encrypted_results(self):
        workgroup = self.client("athena").get_work_group(WorkGroup=self.outputs["Workgroup"])["WorkGroup"]
        configuration = workgroup["Configuration"]
        self.assertTrue(configuration["EnforceWorkGroupConfiguration"])
        self.assertEqual(configuration["BytesScannedCutoffPerQuery"], 10 * 1024**3)
        results = configuration["ResultConfiguration"]
        self.assertEqual(results["OutputLocation"], f"s3://{self.outputs['ArchiveBucket']}/athena/")
        self.assertEqual(results["EncryptionConfiguration"]["EncryptionOption"], "SSE_KMS")
        self.assertEqual(results["ExpectedBucketOwner"], ACCOUNT)

    def test_the_parameters_lead_to_layer_policy_and_stream(self):
        found = self.client("ssm").get_parameters_by_path(Path="/telemetry/kinesis", Recursive=True)["Parameters"]
        values = {one["Name"]: one["Value"] for one in found}
        self.assertEqual(len(values), 3)
        layer = values["/telemetry/kinesis/extension/arn"]
        name, version = layer.split(":")[-2:]
        found = self.client("lambda").get_layer_version(LayerName=name, VersionNumber=int(version))
        self.assertEqual(found["LayerVersionArn"], layer)
        policy = self.client("iam").get_policy(PolicyArn=values["/telemetry/kinesis/runtime/policy/arn"])["Policy"]
        document = self.client("iam").get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        arn = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{self.stream}"
        self.assertEqual(values["/telemetry/kinesis/stream/arn"], arn)
        statement = {"Action": "kinesis:PutRecords", "Effect": "Allow", "Resource": arn}
        self.assertEqual(document["PolicyVersion"]["Document"]["Statement"], [statement])

    def test_the_function_has_layer_variable_and_policy_and_works(self):
        name = self.outputs["OrdersFunction"]
        configuration = self.client("lambda").get_function_configuration(FunctionName=name)
        self.assertEqual(len(configuration["Layers"]), 1)
        self.assertEqual(configuration["Environment"]["Variables"]["KINESIS_TELEMETRY_STREAM"], self.stream)
        role = configuration["Role"].split("/")[-1]
        attached = self.client("iam").list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        self.assertEqual(len(attached), 2)  # its own and the one to write telemetry
        before = self.records_in_stream()
        answer = self.client("lambda").invoke(FunctionName=name, Payload=b'{"orderId":"42"}')
        self.assertEqual(json.loads(answer["Payload"].read()), {"orderId": "42", "accepted": True})
        wrote = eventually(lambda: self.records_in_stream() > before, timeout_s=3)
        self.assertEqual(wrote, gaps.EXTENSION_RUNS)

    def test_alarms_tell_the_topic(self):
        alarms = self.client("cloudwatch").describe_alarms()["MetricAlarms"]
        self.assertEqual(len(alarms), len(self.deployment.declared("AWS::CloudWatch::Alarm")))
        self.assertGreaterEqual(len(alarms), 7)
        for alarm in alarms:
            self.assertEqual(alarm["AlarmActions"], [self.outputs["AlarmTopic"]])

    def test_records_go_through_the_transform_to_the_bucket_to_athena_and_to_the_watcher(self):
        lines = [
            line(1, type="platform.report", status="success", duration_ms=1.5, record={"metrics": {"durationMs": 1.5}}),
            line(2, type="platform.report", status="timeout", duration_ms=3000.0),
            line(3, type="function", record={"level": "ERROR", "errorMessage": "no stock"}),
        ]
        data = "".join(json.dumps(one) + "\n" for one in lines).encode()
        put = self.client("kinesis").put_records(StreamName=self.stream, Records=[{"Data": data, "PartitionKey": "a"}])
        self.assertEqual(put["FailedRecordCount"], 0)

        today = datetime.now(timezone.utc).strftime("%Y-%m-%d")
        archived = self.archived_object(f"events/dt={today}/")
        self.assertRegex(archived["Key"], r"^events/dt=\d{4}-\d\d-\d\d/hour=\d\d/[^/]+\.jsonl\.gz$")
        self.assertEqual(archived["Body"][:2] == b"\x1f\x8b", gaps.OBJECTS_ARE_GZIPPED)
        self.assertEqual(archived["Encryption"], gaps.OBJECT_ENCRYPTION)
        events = [json.loads(text) for text in archived["Body"].decode().splitlines()]
        self.assertEqual([event["seq"] for event in events], [1, 2, 3])
        # the real transform has run: tags of the stack, and nested records flattened
        self.assertEqual([event["tags"] for event in events], [{"app": "shop"}] * 3)
        self.assertEqual(events[0]["attributes"], {"metrics.durationMs": "1.5"})
        self.assertEqual(events[2]["level"], "ERROR")

        # as Firehose would have written it; from here on Athena, which goes by the ending of the key
        body = gzip.compress(archived["Body"])
        self.client("s3").put_object(Bucket=self.outputs["ArchiveBucket"], Key=archived["Key"], Body=body)
        rows = self.ask(
            f"SELECT type, count(*), max(duration_ms) FROM events WHERE dt = '{today}' GROUP BY type ORDER BY type"
        )
        self.assertEqual(rows[1:], [["function", "1", None], ["platform.report", "2", "3000.0"]])
        with self.assertRaisesRegex(AssertionError, gaps.QUERY_FUNCTION_MISSING):
            self.ask("SELECT date_format(current_date, '%Y-%m-%d')")

        self.assertEqual(
            self.watched(),
            [
                {"function_name": "orders", "request_id": "r2", "trouble": "timeout"},
                {"function_name": "orders", "request_id": "r3", "trouble": "no stock"},
            ],
        )

    def archived_object(self, prefix: str) -> dict:
        s3, bucket = self.client("s3"), self.outputs["ArchiveBucket"]
        objects = eventually(lambda: s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents"))
        self.assertEqual(len(objects or []), 1)
        [found] = objects
        fetched = s3.get_object(Bucket=bucket, Key=found["Key"])
        return {"Key": found["Key"], "Body": fetched["Body"].read(), "Encryption": fetched.get("ServerSideEncryption")}

    def ask(self, sql: str) -> list[list[str | None]]:
        athena = self.client("athena")
        context = {"Database": self.outputs["Database"]}
        started = athena.start_query_execution(
            QueryString=sql, WorkGroup=self.outputs["Workgroup"], QueryExecutionContext=context
        )

        def ended():
            execution = athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]
            return None if execution["Status"]["State"] in ("QUEUED", "RUNNING") else execution["Status"]

        status = eventually(ended)
        self.assertEqual(status["State"], "SUCCEEDED", status.get("StateChangeReason"))
        rows = athena.get_query_results(QueryExecutionId=started["QueryExecutionId"])["ResultSet"]["Rows"]
        return [[cell.get("VarCharValue") for cell in row["Data"]] for row in rows]

    def watched(self) -> list[dict]:
        logs, group = self.client("logs"), self.outputs["WatcherLog"]

        def troubles():
            events = logs.filter_log_events(logGroupName=group)["events"]
            return [event["message"] for event in events if "trouble" in event["message"]]

        eventually(lambda: len(troubles()) >= 2)
        return [fields(text) for text in troubles()]

    def records_in_stream(self) -> int:
        kinesis = self.client("kinesis")
        count = 0
        for shard in kinesis.list_shards(StreamName=self.stream)["Shards"]:
            start = {"ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            iterator = kinesis.get_shard_iterator(StreamName=self.stream, **start)["ShardIterator"]
            count += len(kinesis.get_records(ShardIterator=iterator)["Records"])
        return count


def fields(text: str) -> dict:
    """Of a line as Node.js prints objects."""
    return dict(re.findall(r"(\w+): '([^']*)'", text))
