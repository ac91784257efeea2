import Domain
import Host
import Testing

@testable import Delivery

@Suite struct ModelFolderTests {
    private func artifact(_ number: UInt8) -> Digest {
        Digest(bytes: [UInt8](repeating: number, count: 32))
    }

    @Test func `folders nobody uses are bounded, and those in use are kept`() async throws {
        try await withFolder { folder in
            let folders = ModelFolders(stateFolder: folder)
            let used = try await folders.use(artifact(99)) { try makeFolder($0) }
            for number in 0..<20 {
                _ = try await folders.use(artifact(UInt8(number))) { try makeFolder($0) }
                folders.release(artifact(UInt8(number)))
            }
            #expect(isFolder(used))
            #expect(try namesIn("\(folder)/models").count == 9)
            #expect(isFolder("\(folder)/models/\(artifact(19))"))
        }
    }

    @Test func `a copy that fails leaves nothing and is made anew`() async throws {
        try await withFolder { folder in
            let folders = ModelFolders(stateFolder: folder)
            await #expect(throws: Failure.self) {
                _ = try await folders.use(artifact(1)) { path in
                    try makeFolder(path)
                    throw Failure("disk full")
                }
            }
            folders.release(artifact(1))
            #expect(try namesIn("\(folder)/models") == [])
            let path = try await folders.use(artifact(1)) { try makeFolder($0) }
            #expect(isFolder(path))
        }
    }

    @Test func `what an earlier serve left is counted, and its halves removed`() async throws {
        try await withFolder { folder in
            try makeFolder("\(folder)/models/\(artifact(1))")
            try makeFolder("\(folder)/models/.new-1")
            let folders = ModelFolders(stateFolder: folder)
            try folders.takeStock()
            #expect(try namesIn("\(folder)/models") == ["\(artifact(1))"])
        }
    }
}
