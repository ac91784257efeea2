import Daemon
import Domain
import Journal
import Testing

/// Requirements that no environment can meet, with a real pip.
@Suite struct RequirementsTests {
    @Test(.timeLimit(.minutes(5)))
    func `a package that does not exist fails the run at once, and the notes keep why`()
        async throws
    {
        try await play { yard in
            var files = shellModel()
            files["models/m/requirements.txt"] = "--no-index\nno-such-package-slipway==1.0\n"
            let commit = try await yard.push(files, "a package that does not exist")
            try await yard.until("the run has failed") { record in
                if case .failed = record.outcomes[commit] { true } else { false }
            }
            let record = try await yard.record("m")
            guard case .failed(1, let failure) = record.outcomes[commit] else { return }
            let line = "ERROR: No matching distribution found for no-such-package-slipway==1.0"
            #expect(failure.what.hasSuffix(line))
            #expect(failure.place == "models/m/requirements.txt")
            let reason = "a commit that changes the requirements file"
            #expect(failure.disposition == .wait(for: reason))

            await yard.stop()
            try Journal.delete(path: yard.state.journal)
            try await yard.start()
            try await eventually("the notes are read") {
                try await !yard.journal.statuses().isEmpty
            }
            let runs = try await yard.journal.runs(of: nil, limit: 10)
            #expect(runs.map(\.state) == [.failed])
            #expect(runs.map(\.commit) == [commit])
            #expect(runs.map(\.failure) == [failure])
        }
    }
}
