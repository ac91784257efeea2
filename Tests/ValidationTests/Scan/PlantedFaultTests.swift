import Testing

@testable import Validation

struct PlantedFaultTests {
    @Test func `of a hundred thousand rows exactly the planted faults are found`() async throws {
        let folder = try Folder()
        let file = try await PlantedFile.write(to: folder)
        let report = try await validate(file.rules, root: folder.path)
        var found: [String: Int] = [:]
        for violation in report.violations {
            found["\(violation.rule.rawValue) \(violation.column ?? "")"] = violation.total
        }
        #expect(file.planted.values.allSatisfy { $0 > 10 })
        #expect(found == file.planted)
        #expect(report.rows == file.rows && report.cells == file.rows * 12)
        #expect(report.files[0].bytes == file.bytes)
    }

    @Test func `a profile counts each planted fault where it belongs`() async throws {
        let folder = try Folder()
        let file = try await PlantedFile.write(to: folder)
        let (report, counted) = try await Validation.profile(file.rules, root: folder.path)
        let profile = try #require(counted)
        let plain = try await validate(file.rules, root: folder.path)
        #expect(report == plain)
        #expect(profile.rows == file.rows && profile.columns.count == 12)
        for column in profile.columns {
            // What is only out of its range is in the profile.
            let invalid = file.planted["type \(column.name)", default: 0]
            #expect(column.invalid == invalid, "\(column.name)")
            #expect(column.rows == file.rows, "\(column.name)")
        }
        #expect(profile.column("label")?.missing == file.planted["required label"])
        let countries = try #require(profile.column("country")).values.items
        let strangers = countries.filter { !PlantedFile.countries.contains($0.text ?? "") }
        #expect(strangers.map(\.count) == [file.planted["values country"]])
        let groups = try #require(profile.column("group")).values.items
        let strange = groups.filter { $0.text == "G1234x" }
        #expect(strange.map(\.count) == [file.planted["pattern group"]])
        let repeated = try #require(file.planted["unique id"])
        #expect(profile.column("id")?.distinct.count == file.rows - repeated)
        #expect(profile.duplicates?.rows == file.rows && profile.duplicates?.surplus == 0)
    }
}
