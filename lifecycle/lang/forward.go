package lang

import "exeunt/lifecycle"

func decodeForward(b *block) *lifecycle.Forward {
	return &lifecycle.Forward{Signal: b.signal("signal"), To: b.target("to", lifecycle.Session)}
}
