package import Domain

/// What checks of change compare a dataset with.
package enum CheckBaseline: Sendable {
    /// The same dataset as the version that is live was made of.
    case profile(DatasetProfile)
    /// There is nothing to compare with, and why: it is said, and is no warning.
    case none(String)
    /// What there is to compare with is not known, and why: what asks for it could not run.
    case unknown(String)
}

extension DatasetManifest {
    /// Whether one of its checks asks how old the data was when it was committed.
    package var asksForFreshness: Bool { checks.named.contains { $0.name == .freshness } }

    /// Whether one of its checks asks how the data moved since the version that is live.
    package var comparesWithLive: Bool {
        checks.named.contains { check in
            switch check.name.subject {
            case .drift, .live: true
            default: false
            }
        }
    }
}
