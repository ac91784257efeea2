import Domain
import Host
import Testing

/// What `slipway check` compares data with.
@Test func `another dataset is compared with here, and versions are left to the daemon`()
    async throws
{
    try await Desk.use { desk in
        try desk.write("models/slipway.yaml", "branch: main\n")
        func write(
            _ name: String, _ rows: Range<Int>, _ digest: String, _ more: String = ""
        ) throws {
            let text = "x\n" + rows.map { "\($0)\n" }.joined()
            try desk.write("models/data/\(name).csv", text)
            try desk.write(
                "models/datasets/\(name).yaml",
                """
                files: [{path: data/\(name).csv, sha256: \(digest)}]
                columns: [{name: x, type: integer}]
                \(more)

                """)
        }
        try write(
            "golden", 0..<400,
            "7642f8d264cd964b37f7e206b59251c118e5d63e4932a12866fc26198a216aa6")
        try write(
            "now", 300..<700,
            "149515d7c86bd4a74661cb9d72e79f052aa44a3357b1114c884ef2adcc8f0da2",
            "checks: {psi: [{against: golden}, {against: v1.0.0}, {against: v2.0.0}], "
                + "row_count_change: {against: v2.0.0}}")
        let found = try await desk.slipway("check", "--fresh", "models")
        #expect(found.code == 1)
        #expect(found.output.contains("psi is") || found.output.contains("psi (base e) is"))
        #expect(found.output.contains("; against golden ("), "\(found.output)")
        for (checks, version) in [("psi", "v1.0.0"), ("psi, row_count_change", "v2.0.0")] {
            #expect(
                found.errors.contains(
                    "note: dataset now, \(checks): no baseline here: the daemon compares with "
                        + "\(version)\n"), "\(found.errors)")
        }
        let json = try await desk.slipway("check", "--json", "models")
        #expect(json.output.contains(#""baseline":{"digest":""#))
        #expect(json.output.contains(#""name":"golden"}"#))
    }
}
