// Package telemetry decodes Kinesis records of the telemetry extension. The record schema is docs/record-schema.md.
package telemetry

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
)

// Line is one event of Lambda, or the extension's ledger (Type "extension.stats", without Seq).
type Line struct {
	Version         int               `json:"v"`
	Time            string            `json:"time,omitempty"`
	Type            string            `json:"type"`
	FunctionName    string            `json:"function_name,omitempty"`
	InstanceID      string            `json:"instance_id"`
	Seq             int64             `json:"seq,omitempty"`
	RequestID       string            `json:"request_id,omitempty"`
	Tags            map[string]string `json:"tags,omitempty"`
	DurationMs      float64           `json:"duration_ms,omitempty"`
	Message         string            `json:"message,omitempty"`
	Record          json.RawMessage   `json:"record,omitempty"`
	Dropped         int64             `json:"dropped,omitempty"`
	DroppedByReason map[string]int64  `json:"dropped_by_reason,omitempty"`
}

// Decode returns the lines of one record. The formats tell themselves apart: NDJSON_GZIP begins as gzip does, JSON is
// one line.
func Decode(data []byte) ([]Line, error) {
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		reader, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return nil, err
		}
		if data, err = io.ReadAll(reader); err != nil {
			return nil, err
		}
	}
	var lines []Line
	for _, text := range bytes.Split(data, []byte{'\n'}) {
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var line Line
		if err := json.Unmarshal(text, &line); err != nil {
			return lines, err
		}
		if line.Version != 1 {
			return lines, fmt.Errorf("record schema version %d: this consumer knows 1", line.Version)
		}
		lines = append(lines, line)
	}
	return lines, nil
}
