package lifecycle

import (
	"strings"
	"time"
)

// Written is a duration as a person writes it in the file, without the zeros of "1m0s".
func Written(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}
