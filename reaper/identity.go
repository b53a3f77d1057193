package reaper

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"
)

// Account is a user of /etc/passwd, or a number.
type Account struct {
	Identity
	Name, Home string // "": not known
}

// LookUp finds a user and a group by name or number; "" is not given. A user's groups are those of /etc/passwd and /etc/group.
// A number that has no entry there is taken as it is, with exeunt's own group, unless one is given, and no supplementary
// groups: images without those files are ordinary.
func LookUp(name, group string) (*Account, error) {
	a := &Account{Identity: Identity{UID: os.Getuid(), GID: os.Getgid()}}
	if name != "" {
		if err := a.findUser(name); err != nil {
			return nil, err
		}
	}
	if group != "" {
		gid, err := findGroup(group)
		if err != nil {
			return nil, err
		}
		a.GID = gid
	}
	return a, nil
}

func (a *Account) findUser(name string) error {
	found, err := user.Lookup(name)
	uid, notNumber := strconv.Atoi(name)
	if err != nil && notNumber == nil && uid >= 0 {
		a.UID, a.Groups = uid, []int{}
		if found, err = user.LookupId(name); err != nil {
			return nil
		}
	}
	var unknown user.UnknownUserError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("there is no user %q: write one of /etc/passwd, or a number", name)
	case err != nil:
		return fmt.Errorf("cannot look up the user %q, write its number: %w", name, err)
	}
	a.Name, a.Home = found.Username, found.HomeDir
	a.UID, _ = strconv.Atoi(found.Uid)
	a.GID, _ = strconv.Atoi(found.Gid)
	a.Groups = []int{}
	ids, err := found.GroupIds()
	if err != nil {
		return fmt.Errorf("cannot look up the groups of user %q: %w", name, err)
	}
	for _, id := range ids {
		if gid, err := strconv.Atoi(id); err == nil {
			a.Groups = append(a.Groups, gid)
		}
	}
	return nil
}

func findGroup(name string) (int, error) {
	if gid, err := strconv.Atoi(name); err == nil && gid >= 0 {
		return gid, nil
	}
	found, err := user.LookupGroup(name)
	if err != nil {
		return 0, fmt.Errorf("there is no group %q: write one of /etc/group, or a number", name)
	}
	return strconv.Atoi(found.Gid)
}

// IsCurrent reports whether it is who exeunt runs as anyway: then nothing has to be switched, and no right is needed to.
func (a *Account) IsCurrent() bool {
	if a.UID != os.Getuid() || a.UID != os.Geteuid() || a.GID != os.Getgid() || a.GID != os.Getegid() {
		return false
	}
	own, err := os.Getgroups()
	if err != nil {
		return false
	}
	for _, gid := range a.Groups {
		if gid != a.GID && !slices.Contains(own, gid) {
			return false
		}
	}
	return true
}
