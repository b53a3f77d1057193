package lang

import "exeunt/lifecycle"

// warn says what is legal and probably not meant.
func (d *decoder) warn(file *block, l *lifecycle.Lifecycle) {}
