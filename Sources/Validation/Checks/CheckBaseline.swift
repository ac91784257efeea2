package import Domain

/// What checks of change compare a dataset with.
package enum CheckBaseline: Sendable {
    /// The profile of other data, and what that is; nil: nobody is told.
    case profile(DatasetProfile, of: ComparedData? = nil)
    /// There is nothing to compare with, and why: it is said, and is no warning.
    case none(String)
    /// What there is to compare with is not known, and why: what asks for it could not run.
    case unknown(String)
}

/// The data that something was compared with.
package struct ComparedData: Hashable, Codable, Sendable {
    /// A version of the model, as `v1.2.0`, or the name of a dataset.
    package var name: String
    /// The dataset's digest.
    package var digest: Digest

    package init(name: String, digest: Digest) {
        self.name = name
        self.digest = digest
    }
}

/// What the checks of a dataset compare it with beside the version that is live.
package struct OtherBaselines: Sendable {
    /// Those that `against:` names; what is not among them is not known.
    package var named: [NamedBaseline: CheckBaseline] = [:]
    /// The served requests, under the names of the dataset's columns.
    package var served = CheckBaseline.unknown("the log of requests was not read")

    package init() {}

    subscript(name: NamedBaseline) -> CheckBaseline {
        named[name] ?? .unknown("`\(name)` was not looked up")
    }
}

extension DatasetManifest {
    /// Whether one of its checks asks how old the data was when it was committed.
    package var asksForFreshness: Bool { checks.named.contains { $0.name == .freshness } }

    /// Whether one of its checks asks how the data moved since the version that is live.
    package var comparesWithLive: Bool {
        checks.named.contains { $0.name.comparesVersions && $0.against == nil }
    }

    /// Those of its checks that hold the data as a whole against other data: another version, a
    /// dataset in its place, the requests that were served.
    package var baselineChecks: [DataCheck] { checks.named.filter(\.name.needsBaseline) }

    /// The same without those.
    package var withoutBaselines: DatasetManifest {
        var manifest = self
        manifest.checks.named.removeAll(where: \.name.needsBaseline)
        return manifest
    }

    /// What its checks name to be compared with in place of what is live.
    package var namedBaselines: Set<NamedBaseline> {
        Set(checks.named.compactMap(\.against))
    }
}

extension DataCheck.Name {
    /// Whether it is about change since another version of the data.
    var comparesVersions: Bool {
        switch subject {
        case .drift, .live: true
        default: false
        }
    }

    /// Whether it needs the profile of other data.
    var needsBaseline: Bool { comparesVersions || self == .skew }
}
