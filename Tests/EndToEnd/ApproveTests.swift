import Domain
import Host
import Testing

/// What approving says when an approval is not what is lacking.
@Suite struct ApproveTests {
    @Test(.timeLimit(.minutes(15)))
    func `a refused tag leaves no trace, a freeze is not waited for, and a no stands`()
        async throws
    {
        try await Harbour.use { harbour in
            try await story(harbour)
        }
    }

    private func story(_ harbour: Harbour) async throws {
        try await harbour.slipway("hook", "install", "--server", "--repository", harbour.bare)
        try await harbour.startDaemon()
        try harbour.shellRepository()
        try harbour.file(
            "slipway.yaml",
            """
            branch: main
            review:
              freezes:
                - {from: "2020-01-01T00:00:00Z", until: "2099-01-01T00:00:00Z", reason: audit}

            """)
        try await harbour.push("a model")
        _ = try await harbour.until("shell", .waiting)
        let nobody = try await harbour.slipway("review", "--as", "nobody@x")
        #expect(nobody.contains("cannot approve it: you are not among the trusted signers"))
        try await refused(harbour)
        // Long enough to notice somebody who waits for what no approval changes.
        let held = try await harbour.attempt("approve", "shell", "-m", "fine", "--wait", "3600")
        #expect(held.status.isSuccess, "\(held.errorText)")
        #expect(held.errorText.contains("it counts: 1 of 1 approvals\nstill needed: "))
        #expect(held.errorText.contains("audit"), "\(held.errorText)")

        let no = try await harbour.attempt("reject", "shell", "-m", "rather not", "--wait", "60")
        #expect(no.errorText.contains("rejected"), "\(no.errorText)")
        _ = try await harbour.until("shell", .rejected)
        let late = try await harbour.attempt("approve", "shell", "-m", "yes")
        #expect(late.status == .exited(5))
        #expect(
            late.errorText.contains("\(harbour.reviewer) has rejected this evidence: rather not"),
            "\(late.errorText)")
    }

    private func refused(_ harbour: Harbour) async throws {
        try await harbour.run(
            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(harbour.folder)/other")
        try await harbour.git("config", "user.signingkey", "\(harbour.folder)/other")
        let refused = try await harbour.attempt("approve", "shell", "-m", "me too")
        #expect(refused.status == .exited(5))
        #expect(refused.errorText.hasPrefix("slipway: refused: "), "\(refused.errorText)")
        #expect(!refused.errorText.contains(" | "), "\(refused.errorText)")
        #expect(refused.errorText.contains("mended: slipway approve shell"))
        #expect(try await harbour.git("tag", "--list") == "")
        try await harbour.git("config", "user.signingkey", "\(harbour.folder)/key")
    }
}
