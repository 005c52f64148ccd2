// Package emulator is a faithful local OpsLevel for deploy webhooks: an account that answers them exactly as OpsLevel
// does, keeps what arrived, and tells beside the wire what OpsLevel does not.
//
// # In a test
//
// [Start] gives a test an account of its own, on a free port of loopback, in memory:
//
//	func TestPipelineReportsDeploy(t *testing.T) {
//		ol := emulator.Start(t, emulator.Config{})
//		runPipeline(t, "OPSLEVEL_INTEGRATION_URL="+ol.IntegrationURL()) // any language, any sender
//		if d := ol.Deploys(); len(d) != 1 || d[0].Result != deploy.OK {
//			t.Errorf("deploys = %v", d)
//		}
//	}
//
// A 202 does not mean that OpsLevel keeps a deploy: an unknown alias and a repeated dedup_id are answered 202 too. So
// look at [event.Event.Result] and [event.Event.Findings], not at what the sender printed.
//
// # By itself
//
// [New] opens an account with a store, [Server.Listen] serves it, [Server.Handler] is for those who bring their own
// listener, and [Server.Shutdown] drains it. Many servers live in one process; they share nothing, so tests run in
// parallel.
//
// # Time and chance
//
// Config.Clock and Config.IDs are the machine's unless they are given: with a [clock.Manual] and [clock.NewSeeded] every
// run is the same.
//
// # Beside a real OpsLevel
//
// With Config.Upstream each deploy goes on to a real integration, whose answer is given back and counts;
// [event.Upstream] says what this emulator would have answered, and where the two differ.
//
// # How faithful
//
// [Fidelity] lists every behaviour on OpsLevel's side of the wire with what it rests on: documented, observed, or
// assumed.
package emulator
