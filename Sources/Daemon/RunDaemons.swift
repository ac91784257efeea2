package import Domain
import Journal
package import Logging
package import ServiceLifecycle
import Synchronization
import UnixSignals

/// One daemon of a process that runs several.
package struct DaemonSetup: Sendable {
    package var configuration: DaemonConfiguration
    package var state: StateFolder
    package var logger: Logger
    package var web: @Sendable (DaemonSources) -> any Service

    package init(
        configuration: DaemonConfiguration, state: StateFolder, logger: Logger,
        web: @escaping @Sendable (DaemonSources) -> any Service
    ) {
        self.configuration = configuration
        self.state = state
        self.logger = logger
        self.web = web
    }
}

/// Runs daemons beside each other until they are told to stop; SIGTERM and SIGINT drain all.
///
/// Each has a journal, a socket and an address of its own, and one that fails is logged and stops
/// no other. Returns how many failed.
package func runDaemons(_ setups: [DaemonSetup], executable: String) async throws(Failure) -> Int {
    let failed = Failed()
    let services = setups.map { setup in
        ServiceGroupConfiguration.ServiceConfiguration(
            service: DaemonService(setup: setup, executable: executable, failed: failed),
            successTerminationBehavior: .ignore, failureTerminationBehavior: .ignore)
    }
    var quiet = setups.first?.logger ?? Logger(label: "slipway")
    // Because each daemon says itself what it does.
    quiet.logLevel = max(quiet.logLevel, .notice)
    let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
    do {
        try await group.run()
    } catch {
        throw failure(of: error)
    }
    return failed.count
}

/// A whole daemon as a service: its failure is its own.
private struct DaemonService: Service {
    let setup: DaemonSetup
    let executable: String
    let failed: Failed

    func run() async throws {
        do throws(Failure) {
            try await runDaemon(
                setup.configuration, state: setup.state, executable: executable,
                logger: setup.logger, signals: [], web: setup.web)
        } catch {
            failed.add()
            setup.logger.error(
                "this daemon does not run: \(error.what)",
                metadata: [
                    "where": "\(error.place ?? setup.state.path)", "hint": "\(error.hint ?? "")",
                ])
        }
    }
}

private final class Failed: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
}
