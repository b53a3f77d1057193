package lang

// Block is a block type of the language, for the decoder, for suggestions and for the docs.
type Block struct {
	ID         string // unique: "hook.signal" is the block signal within a hook
	Label      string // what its label is; "": it has none
	Many       bool   // may stand more than once in its parent; one with a label always may
	Attributes []Attribute
	Blocks     []string // the IDs of the blocks within it
}

// Attribute is an attribute of a block.
type Attribute struct {
	Name     string
	Type     string // in the words of the docs
	Default  string // as it is written; "": none
	Required bool
	Live     bool // evaluated when its step begins, not at load
	Doc      string
}

// Name is the word that is written: the last part of the ID.
func (b *Block) Name() string {
	for i := len(b.ID) - 1; i >= 0; i-- {
		if b.ID[i] == '.' {
			return b.ID[i+1:]
		}
	}
	return b.ID
}

// FileBlock is the ID of the body of a file.
const FileBlock = "file"

// Schema is the whole language.
func Schema() []Block {
	return []Block{
		{
			ID: FileBlock,
			Attributes: []Attribute{
				{Name: "grace_period", Type: "duration", Doc: "what the platform grants from the first trigger to its SIGKILL (`terminationGracePeriodSeconds`, `docker stop --time`): the budget"},
			},
			Blocks: []string{"locals", "child", "start", "signal", "stop", "exit"},
		},
		{ID: "locals", Many: true},
		{
			ID: "child",
			Attributes: []Attribute{
				{Name: "command", Type: "list of strings", Doc: "the command and its arguments; a command line after `--` wins"},
				{Name: "workdir", Type: "string", Doc: "where it runs; by default where exeunt was started"},
				{Name: "env", Type: "map of strings", Doc: "added to exeunt's own environment"},
				{Name: "user", Type: "string", Doc: "whom it runs as, by name or number; supplementary groups are that user's"},
				{Name: "group", Type: "string", Doc: "its group, by name or number; by default the user's"},
				{Name: "umask", Type: "string", Doc: "octal: `\"0027\"`"},
				{Name: "no_new_privileges", Type: "bool", Default: "false", Doc: "nothing it runs gains privileges by set-user-ID or capabilities of a file (prctl(2))"},
				{Name: "limits", Type: "map", Doc: "resource limits under the names of prlimit(1): a number, `\"unlimited\"`, or `\"SOFT:HARD\"`"},
				{Name: "pid_file", Type: "string", Doc: "for a daemon that forks away: the command has to end with status 0, and the process named in this file is the child from there on"},
				{Name: "ready", Type: "bool", Live: true, Doc: "what `exeunt ready` asks, besides \"no stop has begun\""},
			},
		},
		{ID: "start", Blocks: []string{"hook", "parallel"}},
		{ID: "signal", Label: "SIGNAL", Blocks: []string{"hook", "parallel", "drain", "forward"}},
		{
			ID: "stop", Label: "NAME",
			Attributes: []Attribute{
				{Name: "on", Type: "list of signals", Required: true, Doc: "the triggers"},
				{Name: "again", Type: "`\"ignore\"`, `\"hurry\"` or `\"forward\"`", Default: `"ignore"`, Doc: "what a repeat of a trigger does: it is logged, or it ends the current wait, or it is delivered to the child as well"},
			},
			Blocks: []string{"hook", "parallel", "drain", "forward", "escalate"},
		},
		{
			ID: "exit",
			Attributes: []Attribute{
				{Name: "when", Type: "`\"child\"`, `\"session\"` or `\"container\"`", Default: `"child"`, Doc: "what has to be gone"},
				{Name: "linger", Type: "duration", Default: `"0s"`, Doc: "what is left of the session gets SIGTERM, then this long, then SIGKILL; with `\"0s\"` it is left to the kernel, which kills it"},
				{Name: "status", Type: "map of numbers", Doc: "exit statuses to replace: `{ \"143\" = 0 }`"},
			},
			Blocks: []string{"hook", "parallel"},
		},
		hookBlock(),
		{
			ID: "hook.http",
			Attributes: []Attribute{
				{Name: "method", Type: "string", Doc: "by default GET, and POST with a body"},
				{Name: "url", Type: "string", Required: true, Live: true, Doc: "http, https, or http+unix with the socket's path as the host, `%2F` for each slash"},
				{Name: "headers", Type: "map of strings", Live: true, Doc: "sent as they are"},
				{Name: "body", Type: "string", Live: true, Doc: "sent as it is"},
				{Name: "expect", Type: "list of numbers", Doc: "the statuses that are a success; by default 200 to 299"},
				{Name: "ca_file", Type: "string", Doc: "certificates (PEM) to trust beside the system's"},
			},
		},
		{
			ID: "hook.signal",
			Attributes: []Attribute{
				{Name: "name", Type: "signal", Required: true, Doc: "what is sent"},
				{Name: "to", Type: "string", Required: true, Live: true, Doc: "the path of a pid file where it has a slash, else the name of processes"},
			},
		},
		{
			ID: "hook.write",
			Attributes: []Attribute{
				{Name: "path", Type: "string", Required: true, Live: true, Doc: "the file, which is replaced as a whole"},
				{Name: "content", Type: "string", Default: `""`, Live: true, Doc: "what is written"},
				{Name: "mode", Type: "string", Default: `"0644"`, Doc: "permissions of a new file, octal"},
			},
		},
		{ID: "parallel", Many: true, Blocks: []string{"hook"}},
		{
			ID: "drain", Many: true,
			Attributes: []Attribute{
				{Name: "delay", Type: "duration", Default: `"0s"`, Doc: "waited first, whatever `until` says"},
				{Name: "until", Type: "bool", Live: true, Doc: "then this is polled until it is true; by default the delay is the drain"},
				{Name: "every", Type: "duration", Default: `"250ms"`, Doc: "how often; at least `\"10ms\"`"},
				{Name: "timeout", Type: "duration", Doc: "how long it is polled at most; by default as long as the budget allows"},
			},
		},
		{
			ID: "forward", Many: true,
			Attributes: []Attribute{
				{Name: "signal", Type: "signal", Doc: "what is delivered; by default the signal received"},
				{Name: "to", Type: "target", Default: `"session"`, Doc: "to whom"},
			},
		},
		{
			ID: "escalate", Many: true,
			Attributes: []Attribute{
				{Name: "after", Type: "duration", Required: true, Doc: "how long the target may take to be gone"},
				{Name: "signal", Type: "signal", Default: `"SIGKILL"`, Doc: "what is delivered then"},
				{Name: "to", Type: "target", Doc: "to whom; by default as the last `forward`"},
			},
		},
	}
}

func hookBlock() Block {
	return Block{
		ID: "hook", Label: "NAME",
		Attributes: []Attribute{
			{Name: "exec", Type: "list of strings", Live: true, Doc: "the action: runs a program, no shell between"},
			{Name: "script", Type: "string", Live: true, Doc: "the action: a text for `/bin/sh -c`"},
			{Name: "tcp", Type: "string", Live: true, Doc: "the action: connects to `\"host:port\"` and closes"},
			{Name: "remove", Type: "string", Live: true, Doc: "the action: removes a file; one that isn't there is no failure"},
			{Name: "timeout", Type: "duration", Default: `"10s"`, Doc: "of the whole hook, its retries included: its worst case"},
			{Name: "retries", Type: "number", Default: "0", Doc: "how often it is tried again after a failure"},
			{Name: "retry_delay", Type: "duration", Default: `"1s"`, Doc: "before the first retry; doubles with each"},
			{Name: "on_failure", Type: "`\"continue\"` or `\"abort\"`", Default: `"continue"`, Doc: "`\"abort\"` skips the hooks and drains left and goes straight to `forward`; in `signal` nothing is forwarded; in `start` the child is not started, and the exit status is 1"},
			{Name: "when", Type: "bool", Default: "true", Live: true, Doc: "false skips it"},
			{Name: "always", Type: "bool", Default: "false", Doc: "only in `stop`: it runs although the child is gone or a hook before it aborted the rest"},
			{Name: "wait_exit", Type: "bool", Default: "false", Doc: "only in `stop`: this hook is the stop, and the script waits for the child within what is left of its timeout"},
			{Name: "env", Type: "map of strings", Live: true, Doc: "added to what `exec` and `script` are given"},
			{Name: "user", Type: "string", Doc: "whom `exec` and `script` run as, by name or number"},
			{Name: "workdir", Type: "string", Doc: "where `exec` and `script` run; other actions' relative paths begin here"},
		},
		Blocks: []string{"hook.http", "hook.signal", "hook.write"},
	}
}

// schema is the table by ID.
type schema map[string]*Block

func newSchema() schema {
	blocks := Schema()
	s := schema{}
	for i := range blocks {
		s[blocks[i].ID] = &blocks[i]
	}
	return s
}

func (b *Block) attribute(name string) *Attribute {
	for i := range b.Attributes {
		if b.Attributes[i].Name == name {
			return &b.Attributes[i]
		}
	}
	return nil
}

// child is the block called name within b.
func (s schema) child(b *Block, name string) *Block {
	for _, id := range b.Blocks {
		if s[id].Name() == name {
			return s[id]
		}
	}
	return nil
}

// homes lists the blocks that have an attribute or a block called name.
func (s schema) homes(name string) []string {
	var homes []string
	for _, b := range Schema() {
		if b.ID != FileBlock && (b.attribute(name) != nil || s.child(&b, name) != nil) {
			homes = append(homes, b.Name())
		}
	}
	return homes
}
