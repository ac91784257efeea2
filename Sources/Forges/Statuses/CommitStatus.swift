package import Domain

/// What a forge is to show beside a commit: how far one stage of one model has come.
package struct CommitStatus: Hashable, Codable, Sendable {
    /// The stages of a commit's way, in their order.
    package enum Stage: String, Hashable, Codable, Sendable, CaseIterable {
        /// The declarations are read.
        case plan
        /// The data is checked, the model trained and measured.
        case run
        case gate, review
        /// A version is assigned to an environment.
        case release
    }

    package enum State: String, Hashable, Codable, Sendable, CaseIterable {
        case queued, running, success
        /// The commit must change.
        case failure
        /// The machine or its keepers are at fault.
        case error
        /// It is not decided and will not be.
        case cancelled
    }

    /// What a status is about: forges keep one state for each.
    package struct Key: Hashable, Codable, Sendable {
        package var commit: CommitID
        package var context: String

        package init(commit: CommitID, context: String) {
            self.commit = commit
            self.context = context
        }
    }

    package var instance: InstanceName
    package var commit: CommitID
    package var model: ModelName
    package var stage: Stage
    package var state: State
    /// One line; what is longer than a forge takes is cut when it is sent.
    package var description: String
    /// Where people read more; nil or no web address: nowhere.
    package var targetURL: String?

    package init(
        instance: InstanceName, commit: CommitID, model: ModelName, stage: Stage, state: State,
        description: String, targetURL: String? = nil
    ) {
        self.instance = instance
        self.commit = commit
        self.model = model
        self.stage = stage
        self.state = state
        self.description = description
        self.targetURL = targetURL
    }

    /// `slipway/<instance>/<model>/<stage>`: in lower case, as GitHub tells no case apart.
    package var context: String { "slipway/\(instance)/\(model)/\(stage.rawValue)" }

    package var key: Key { Key(commit: commit, context: context) }
}

extension CommitStatus.State {
    /// The forge's word for the state.
    ///
    /// Where a forge has no word for a cancelled stage it is shown as no success: nothing that
    /// was not proven may look green.
    package func word(on kind: Forge.Kind) -> String {
        switch (self, kind) {
        case (.queued, _): "pending"
        case (.running, .gitlab): "running"
        case (.running, .github), (.running, .gitea): "pending"
        case (.success, _): "success"
        case (.failure, .gitlab), (.error, .gitlab): "failed"
        case (.failure, .github), (.failure, .gitea): "failure"
        case (.error, .github), (.error, .gitea), (.cancelled, .github): "error"
        case (.cancelled, .gitlab): "canceled"
        case (.cancelled, .gitea): "warning"
        }
    }
}
