import Domain
import Testing

@testable import Git

struct LibraryTests {
    @Test func `a libgit2 that is not there is said, with what installs it`() throws {
        guard case .failure(let error) = unsafe Library.open("libgit2.so.none") else {
            Issue.record("a library of that name was opened")
            return
        }
        guard case .libraryMissing(let reason) = error else { throw error }
        #expect(reason.contains("libgit2.so.none"))
        #expect(error.failure.hint == "apt-get install libgit2-dev")
    }
}
