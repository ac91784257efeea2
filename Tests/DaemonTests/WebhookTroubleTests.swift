import Daemon
import Domain
import Forges
import Host
import Journal
import Testing

/// A webhook whose secret is gone is a problem that people see, and its return mends it.
@Suite struct WebhookTroubleTests {
    @Test(.timeLimit(.minutes(5)))
    func `a secret that cannot be read is shown with its file until it can`() async throws {
        try await play { yard in
            let file = "\(yard.folder)/secret"
            yard.configure = {
                $0.webhooks = [WebhookConfiguration(name: "ci", kind: .generic, secretFile: file)]
            }
            await yard.stop()
            try await yard.start()
            try await eventually("it is shown") { try await shown(yard)?.place == file }
            #expect(try await shown(yard)?.what.contains("`ci` cannot be read") ?? false)
            try writeFileAtomically(file, Array("s3cret\n".utf8))
            yard.clock.skip(hours: 1)
            try await eventually("it is gone") { try await shown(yard) == nil }
            try removeTree(file)
            yard.clock.skip(hours: 1)
            try await eventually("it is shown again") { try await shown(yard) != nil }
        }
    }

    private func shown(_ yard: Yard) async throws -> Failure? {
        try await yard.journal.problems().first { $0.key == "webhooks" }?.failure
    }
}
