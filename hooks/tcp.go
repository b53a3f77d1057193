package hooks

import (
	"context"
	"fmt"

	"exeunt/lifecycle"
)

// doTCP connects and closes, as a port check does.
func doTCP(ctx context.Context, do *lifecycle.TCP, scope lifecycle.Scope) error {
	address, err := evaluate(ctx, "tcp", do.Address, scope)
	if err != nil {
		return err
	}
	if err := checkAddress(address); err != nil {
		return fmt.Errorf("tcp = %w", err)
	}
	conn, err := dial(ctx, "tcp", address)
	if err != nil {
		if cause := over(ctx); cause != nil {
			err = cutOff{"connecting", cause}
		}
		return fmt.Errorf("cannot connect to %q: %w", address, err)
	}
	return conn.Close()
}
