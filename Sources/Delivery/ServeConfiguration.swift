package import Domain

/// Where and how `slipway serve` keeps its runtimes.
package struct ServeConfiguration: Sendable {
    /// Holds `models/`, `logs/`, `runtimes/`, `runtimes.json` and `serve.lock`.
    package var stateFolder: String
    /// The bytes of `templates/runtimes/sklearn.py`.
    package var sklearnRuntime: [UInt8]
    /// Runs the built-in runtime of a model that has no Python environment of its own.
    package var python = "python3"
    /// Earlier versions that stay loaded, until `environment.json` says otherwise.
    package var keepResident = 1
    /// How long a replaced runtime may take to answer the requests it has.
    package var drainSeconds = 30.0
    /// How long a runtime may take to end after SIGTERM, before SIGKILL.
    package var graceSeconds = 10.0
    /// How often dead runtimes and due retries are looked for.
    package var tickSeconds = 0.25
    /// How long one warm-up request may take.
    package var warmupSeconds = 30.0

    package init(stateFolder: String, sklearnRuntime: [UInt8]) {
        self.stateFolder = stateFolder
        self.sklearnRuntime = sklearnRuntime
    }
}

/// What the agent needs from other modules.
package struct ServeHooks: Sendable {
    /// Writes a folder artifact to a path that does not exist yet, whose parent does.
    package var materialise: @Sendable (Digest, String) async throws -> Void
    /// Makes the Python environment of a requirements file, given by the digest of its bytes, and
    /// returns its `bin` folder; nil: the requirements ask for none.
    package var environment: @Sendable (Digest) async throws -> String?

    package init(
        materialise: @escaping @Sendable (Digest, String) async throws -> Void,
        environment: @escaping @Sendable (Digest) async throws -> String?
    ) {
        self.materialise = materialise
        self.environment = environment
    }
}
