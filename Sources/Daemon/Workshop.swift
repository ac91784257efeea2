package import Compute
package import Domain
package import Git
import Host
package import Journal
package import Logging
package import Planning
package import Registry

/// Everything that the loop works with, made once at the start.
package struct Workshop: Sendable {
    package let configuration: DaemonConfiguration
    package let folder: StateFolder
    package let upstream: Upstream
    package let repository: Repository
    package let journal: Journal
    package let store: ArtifactStore
    /// What was found in data, and made of it: all of it can be found and made again, so the oldest
    /// of it goes after a while.
    package let cache: ArtifactStore
    package let trust: StartingTrust
    /// Brings what lies outside git into the store.
    package let data: DataFetcher
    /// Plans the commits of the watched branch, for the loop and for the answers to hooks: what
    /// one has asked for, the other need not find out again.
    package let planner = Planner()
    /// Where steps run.
    package let executor: any Executor
    package let logger: Logger
    package let clock: @Sendable () -> Instant

    package init(
        configuration: DaemonConfiguration, folder: StateFolder, upstream: Upstream,
        repository: Repository, journal: Journal, store: ArtifactStore, trust: StartingTrust,
        executor: any Executor, logger: Logger,
        clock: @escaping @Sendable () -> Instant = { Host.now() }
    ) {
        self.configuration = configuration
        self.folder = folder
        self.upstream = upstream
        self.repository = repository
        self.journal = journal
        self.store = store
        cache = ArtifactStore(folder: folder.cache)
        self.trust = trust
        data = DataFetcher(configuration, folder, store)
        self.executor = executor
        self.logger = logger
        self.clock = clock
    }

    private static let cacheDays = 30.0
    private static let cacheBytesMax: Int64 = 32 << 30

    /// Forgets what is old in the cache, or beyond its size.
    func trimCache() throws {
        let oldest = Instant(
            milliseconds: clock().milliseconds - Int64(Self.cacheDays * 86_400_000))
        try cache.forget(before: oldest, bytesMax: Self.cacheBytesMax)
    }

    /// The bot as author of something written now.
    package func bot(at moment: Instant? = nil) -> Person {
        Person(
            name: configuration.bot.name, email: configuration.bot.email, when: moment ?? clock())
    }
}
