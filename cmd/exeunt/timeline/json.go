package timeline

import (
	"encoding/json"
	"strings"
)

// JSON is the timelines as data: the plan and what happened, each as docs/events.md has it.
func JSON(timelines ...Timeline) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	document := struct {
		Schema int        `json:"schema"`
		Stops  []Timeline `json:"stops"`
	}{Schema, append([]Timeline{}, timelines...)}
	if err := enc.Encode(document); err != nil {
		return "" // no value of these types has no JSON
	}
	return b.String()
}
