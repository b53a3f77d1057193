package apps

func brokers() []*App {
	return []*App{
		{
			Name: "rabbitmq", Title: "RabbitMQ", Programs: []string{"rabbitmq-server"},
			Source: "https://github.com/rabbitmq/rabbitmq-server/blob/main/deps/rabbit/scripts/rabbitmq-server",
			Signals: []Taken{
				{on(sigTERM), "stops in order, as rabbitmqctl stop does, and ends with status 0"},
				{on(sigINT), "stops in order and ends with status 130"},
				{on(sigHUP, sigTSTP, sigCONT), "does nothing"},
			},
			Why:  "SIGTERM is the clean stop of the script rabbitmq-server, which has the node stop. SIGINT stops it too but counts as a failure, so Ctrl-C is turned into SIGTERM.",
			Set:  "Queues with much to write and to hand over need a longer grace period. A hook that runs rabbitmq-upgrade drain before would move leaders and clients away.",
			Stop: sigTERM, Master: true,
		},
		{
			Name: "nats", Title: "NATS", Also: []string{"nats-server"}, Programs: []string{"nats-server"},
			Source: "https://docs.nats.io/running-a-nats-service/nats_admin/signals",
			Signals: []Taken{
				{on(sigUSR2), "takes no new client, moves those it has to other servers bit by bit, then ends (lame duck mode)"},
				{on(sigTERM, sigINT), "stops, and cuts its clients all at once"},
				{on(sigUSR1), "opens its log file again"},
				{on(sigHUP), "reads its configuration again"},
				{on(sigQUIT), "ends at once and prints its stacks"},
			},
			Why:  "On SIGTERM NATS lets all its clients go at once, and all of them connect elsewhere in the same moment. SIGUSR2 is the lame duck mode, which spreads that.",
			Set:  "lame_duck_duration is 2 minutes unless it is set, and 10 seconds of lame_duck_grace_period come before it: set both in nats.conf to less than {wait} together.",
			Stop: sigUSR2, Hard: sigTERM,
		},
		{
			Name: "kafka", Title: "Apache Kafka", Programs: []string{"kafka-server-start*", "kafka-server-start.sh"},
			Source: "https://kafka.apache.org/documentation/#basic_ops_restarting",
			Signals: []Taken{
				{on(sigTERM, sigINT, sigHUP), "hands its partitions' leadership over, writes its logs to disk, then ends with status 128+n (controlled shutdown)"},
				{on(sigQUIT), "prints the stacks of its threads, and goes on"},
			},
			Why:  "SIGTERM is the controlled shutdown. SIGKILL leaves partitions without a leader for a while, and costs a recovery at the next start.",
			Set:  "A broker with many partitions needs minutes for it: give it a longer grace period.",
			Stop: sigTERM, OnTerm: true,
		},
	}
}
