import Domain
import Testing

@testable import Forges

private let commit = Sample.commit("1")

private func read(
    _ status: CommitStatus, _ body: String, page: Int = 1, _ kind: Forge.Kind
) throws -> StatusReading {
    try statusReading(
        of: status, in: Array(body.utf8), page: page, on: try Sample.forge(kind))
}

@Test func `statuses are read where each forge keeps them`() throws {
    let status = Sample.status(.success)
    let urls = try Forge.Kind.allCases.map {
        reading(of: status, page: 2, on: try Sample.forge($0)).url
    }
    #expect(
        urls == [
            "https://api.github.com/repos/octocat/hello/commits/\(commit)/status"
                + "?per_page=100&page=2",
            "https://gitlab.com/api/v4/projects/group%2Fsub.group%2Fproj/repository/commits/"
                + "\(commit)/statuses?name=slipway%2Flab%2Fdigits%2Fgate&per_page=100&page=2",
            "https://git.example.com/api/v1/repos/me/models/commits/\(commit)/status"
                + "?limit=50&page=2",
        ])
}

@Test func `GitHub's combined status shows ours, whatever its case`() throws {
    let body = """
        {"state": "failure", "sha": "\(commit)", "total_count": 2, "statuses": [
          {"id": 1, "context": "ci/other", "state": "failure", "description": null},
          {"id": 2, "context": "Slipway/lab/digits/gate", "state": "success"}]}
        """
    #expect(try read(Sample.status(.success), body, .github) == .there)
    #expect(try read(Sample.status(.failure), body, .github) == .other("success"))
    #expect(try read(Sample.status(.success, stage: .review), body, .github) == .absent)
}

@Test func `Gitea says status where GitHub says state`() throws {
    let body = """
        {"statuses": [{"id": 9, "context": "slipway/lab/digits/gate", "status": "warning"}]}
        """
    #expect(try read(Sample.status(.cancelled), body, .gitea) == .there)
    #expect(try read(Sample.status(.success), body, .gitea) == .other("warning"))
    #expect(try read(Sample.status(.success), #"{"statuses": null}"#, .gitea) == .absent)
}

@Test func `of GitLab's several the newest counts`() throws {
    let body = """
        [{"id": 93, "name": "slipway/lab/digits/gate", "status": "success"},
         {"id": 91, "name": "slipway/lab/digits/gate", "status": "failed"}]
        """
    #expect(try read(Sample.status(.success), body, .gitlab) == .there)
    #expect(try read(Sample.status(.error), body, .gitlab) == .other("success"))
}

@Test func `what is not on a full page may be on the next`() throws {
    let one = #"{"context": "x", "state": "success"}"#
    let full = Array(repeating: one, count: 100).joined(separator: ",")
    let status = Sample.status(.success)
    #expect(try read(status, #"{"statuses": [\#(full)]}"#, .github) == .readOn(page: 2))
    #expect(try read(status, #"{"statuses": [\#(one)]}"#, .github) == .absent)
    // A Gitea server gives out fewer than it is asked for.
    #expect(try read(status, #"{"statuses": [\#(one)]}"#, page: 3, .gitea) == .readOn(page: 4))
    #expect(throws: ForgesError.self) {
        try read(status, #"{"statuses": [\#(full)]}"#, page: 50, .github)
    }
}

@Test(arguments: ["", "<html>", "[1]", #"{"statuses": 1}"#, "null", #"[{"id": "x"}]"#])
func `an answer that is something else is an error and not an empty one`(body: String) {
    for kind in Forge.Kind.allCases {
        #expect(throws: ForgesError.self) { try read(Sample.status(.success), body, kind) }
    }
}
