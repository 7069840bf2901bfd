package temporal

import (
	"net"
	"strconv"
	"time"

	"go.temporal.io/server/common/cluster"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/membership/static"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/common/primitives"
)

const (
	clusterName = "active"
	// shards is fixed for the life of the tables; one machine works best with few.
	shards = 4

	mainDatabase       = "temporal"
	visibilityDatabase = "temporal_visibility"
)

// Databases that the server keeps its tables in; they exist, empty or not, before Start.
var Databases = []string{mainDatabase, visibilityDatabase}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// staticHosts names the one host of each service, so that no membership protocol runs: nothing to join,
// no memory of earlier runs, and no ports for gossip.
func staticHosts(ports Ports) map[primitives.ServiceName]static.Hosts {
	return map[primitives.ServiceName]static.Hosts{
		primitives.FrontendService: static.SingleLocalHost(loopback(ports.Frontend)),
		primitives.HistoryService:  static.SingleLocalHost(loopback(ports.History)),
		primitives.MatchingService: static.SingleLocalHost(loopback(ports.Matching)),
		primitives.WorkerService:   static.SingleLocalHost(loopback(ports.Worker)),
	}
}

func serverConfig(settings Settings) *config.Config {
	frontend := loopback(settings.Ports.Frontend)
	return &config.Config{
		Global: config.Global{
			Membership: config.Membership{MaxJoinDuration: 30 * time.Second, BroadcastAddress: "127.0.0.1"},
		},
		Persistence: config.Persistence{
			DefaultStore:     mainDatabase,
			VisibilityStore:  visibilityDatabase,
			NumHistoryShards: shards,
			DataStores: map[string]config.DataStore{
				mainDatabase:       {SQL: sqlConfig(settings.Database, mainDatabase)},
				visibilityDatabase: {SQL: sqlConfig(settings.Database, visibilityDatabase)},
			},
		},
		ClusterMetadata: &cluster.Config{
			FailoverVersionIncrement: 10,
			MasterClusterName:        clusterName,
			CurrentClusterName:       clusterName,
			ClusterInformation: map[string]cluster.ClusterInformation{
				clusterName: {Enabled: true, InitialFailoverVersion: 1, RPCAddress: frontend},
			},
		},
		DCRedirectionPolicy: config.DCRedirectionPolicy{Policy: "noop"},
		Services: map[string]config.Service{
			string(primitives.FrontendService): onLoopback(settings.Ports.Frontend),
			string(primitives.HistoryService):  onLoopback(settings.Ports.History),
			string(primitives.MatchingService): onLoopback(settings.Ports.Matching),
			string(primitives.WorkerService):   onLoopback(settings.Ports.Worker),
		},
		Archival: config.Archival{
			History:    config.HistoryArchival{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchival{State: config.ArchivalDisabled},
		},
		NamespaceDefaults: config.NamespaceDefaults{Archival: config.ArchivalNamespaceDefaults{
			History:    config.HistoryArchivalNamespaceDefaults{State: config.ArchivalDisabled},
			Visibility: config.VisibilityArchivalNamespaceDefaults{State: config.ArchivalDisabled},
		}},
		PublicClient: config.PublicClient{HostPort: frontend},
	}
}

func onLoopback(port int) config.Service {
	return config.Service{RPC: config.RPC{GRPCPort: port, BindOnLocalHost: true}}
}

func sqlConfig(database Database, name string) *config.SQL {
	return &config.SQL{
		PluginName:      postgresql.PluginName,
		ConnectAddr:     database.Address,
		ConnectProtocol: "tcp",
		User:            database.User,
		Password:        database.Password,
		DatabaseName:    name,
		MaxConns:        20,
		MaxIdleConns:    20,
		MaxConnLifetime: time.Hour,
	}
}
