// Command decode turns records (as base64, one a line) into lines of JSON.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"log"
	"os"

	"telemetry-app/telemetry"
)

const maxRecordBytes = 16 << 20 // as base64, of 10 MiB, the most that Kinesis takes

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, maxRecordBytes)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		data, err := base64.StdEncoding.DecodeString(input.Text())
		if err != nil {
			log.Fatal(err)
		}
		lines, err := telemetry.Decode(data)
		if err != nil {
			log.Fatal(err)
		}
		for _, line := range lines {
			if err := output.Encode(line); err != nil {
				log.Fatal(err)
			}
		}
	}
	if err := input.Err(); err != nil {
		log.Fatal(err)
	}
}
