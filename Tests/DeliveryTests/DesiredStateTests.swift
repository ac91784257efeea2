import Delivery
import Domain
import Testing

@Suite struct DesiredStateTests {
    private let environment = EnvironmentDeclaration(
        name: EnvironmentName(checked: "production"), keepResident: 3)

    @Test func `what is written is read back as it was`() throws {
        let wanted = deployment(2, number: 5)
        let state = DesiredState(files: [
            "models/digits.json": encode(wanted), "environment.json": encode(environment),
            "README.md": [1, 2, 3], "models/deep/er.json": [4],
        ])
        #expect(state.deployments == [digits: wanted])
        #expect(state.environment == environment)
        #expect(state.problems == [])
    }

    @Test func `the files end with a newline and have their keys in order`() {
        let text = String(decoding: encode(deployment(0, number: 1)), as: UTF8.self)
        #expect(text.hasPrefix("{\n  \"artifact\" : \""))
        #expect(text.hasSuffix("}\n"))
        let keys = ["artifact", "candidate", "commit", "model", "number", "serving", "version"]
        let found = text.split(separator: "\n").filter { $0.hasPrefix("  \"") }
            .map { String($0.dropFirst(3).prefix { $0 != "\"" }) }
        #expect(found == keys)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"model\": \"digits\"}", "\u{0}", "{\"model\": 3, \"number\": \"x\"}",
    ])
    func `one bad file is set aside and the others go on`(text: String) throws {
        let other = ModelName(checked: "other")
        let wanted = deployment(0, number: 1, model: other)
        let state = DesiredState(files: [
            "models/digits.json": [UInt8](text.utf8), "models/other.json": encode(wanted),
            "environment.json": [UInt8]("nope".utf8),
        ])
        #expect(state.deployments == [other: wanted])
        #expect(state.unreadable == [digits])
        #expect(state.environment == nil)
        #expect(state.problems.map(\.place.file) == ["environment.json", "models/digits.json"])
    }

    @Test func `a file about another model than its name says is refused`() {
        let state = DesiredState(files: [
            "models/other.json": encode(deployment(0, number: 1)),
            "models/No_Name.json": encode(deployment(0, number: 1)),
        ])
        #expect(state.deployments.isEmpty)
        #expect(state.unreadable == [ModelName(checked: "other")])
        #expect(state.problems.count == 2)
    }
}
