import Domain
import Testing

@testable import Git

@Suite struct PushReportTests {
    @Test(arguments: [
        ("!\tab:refs/tags/x\t[rejected] (stale info)\n", GitError.conflict(ref: "refs/tags/x")),
        ("!\t:refs/tags/x\t[rejected] (stale info)\n", .conflict(ref: "refs/tags/x")),
        ("!\tab:refs/a/b\t[rejected] (fetch first)\n", .conflict(ref: "refs/a/b")),
        (
            "!\tab:refs/a/b\t[remote rejected] (cannot lock ref 'refs/a/b')\n",
            .conflict(ref: "refs/a/b")
        ),
        (
            "!\ta:refs/a/b\t[rejected] (atomic push failed)\n"
                + "!\ta:refs/c/d\t[rejected] (stale info)\n",
            .conflict(ref: "refs/c/d")
        ),
        (
            "To x\n!\ta:refs/a/b\t[remote rejected] (pre-receive hook declined)\nDone\n",
            .refused("refs/a/b [remote rejected] (pre-receive hook declined); no; never")
        ),
    ])
    func `the ref that is the cause is found in git's report`(output: String, error: GitError) {
        let report = PushReport(
            output: Array(output.utf8), errorText: "remote: no\nremote: never\nerror: failed\n")
        #expect(report.error == error)
    }

    @Test func `a push that went well has no error`() {
        let output = "To x\n*\tab:refs/tags/x\t[new tag]\n=\ta:refs/a/b\t[up to date]\nDone\n"
        #expect(PushReport(output: Array(output.utf8), errorText: "").error == nil)
    }

    @Test func `where gitolite takes no such name its setting is the hint`() {
        let output = "To x\n!\ta:refs/tags/m#p#1\t[remote rejected] (hook declined)\nDone\n"
        let report = PushReport(
            output: Array(output.utf8),
            errorText: "remote: FATAL: invalid characters in ref or filename: 'refs/tags/m#p#1'\n")
        #expect(report.error?.failure.hint?.contains("gitolite.rc") == true)
    }

    @Test func `the first line of an error carries no password`() {
        let text = "\n  \nfatal: unable to access 'https://bot:pass@word@host/x.git/': no\nmore"
        #expect(firstLine(of: text) == "fatal: unable to access 'https://host/x.git/': no")
        #expect(firstLine(of: "ssh: a@b: no") == "ssh: a@b: no")
        #expect(firstLine(of: "") == "git said nothing")
    }
}
