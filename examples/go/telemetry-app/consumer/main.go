// Command consumer is a Lambda function that works off the telemetry of other functions.
package main

import (
	"log"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"telemetry-app/telemetry"
)

const maxRemembered = 100_000

type identity struct {
	instance string
	seq      int64
}

var seen = map[identity]struct{}{}

func handle(event events.KinesisEvent) (events.KinesisEventResponse, error) {
	for _, record := range event.Records {
		lines, err := telemetry.Decode(record.Kinesis.Data)
		for _, line := range lines {
			work(line)
		}
		if err != nil { // Lambda sends the batch again from here on
			log.Printf("record %s: %v", record.Kinesis.SequenceNumber, err)
			failure := events.KinesisBatchItemFailure{ItemIdentifier: record.Kinesis.SequenceNumber}
			return events.KinesisEventResponse{BatchItemFailures: []events.KinesisBatchItemFailure{failure}}, nil
		}
	}
	return events.KinesisEventResponse{}, nil
}

func work(line telemetry.Line) {
	if line.Type == "extension.stats" { // the ledger: what was lost, and why
		if line.Dropped > 0 {
			log.Printf("%s lost %d events: %v", line.FunctionName, line.Dropped, line.DroppedByReason)
		}
		return
	}
	id := identity{line.InstanceID, line.Seq}
	if _, repeated := seen[id]; repeated { // Kinesis delivers at least once
		return
	}
	if line.Type == "platform.report" {
		log.Printf("%s took %.2f ms", line.FunctionName, line.DurationMs)
	}
	if len(seen) >= maxRemembered {
		clear(seen)
	}
	seen[id] = struct{}{}
}

func main() {
	lambda.Start(handle)
}
