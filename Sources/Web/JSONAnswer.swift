package import Domain
import FoundationEssentials
import Hummingbird

/// Returns a value as the API and `--json` write it: sorted keys, slashes as they are, one line.
package func apiJSON(_ value: some Encodable) throws(Failure) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
        return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
        throw Failure("an answer could not be written as JSON: \(error)")
    }
}

/// Returns an answer with the value as JSON; a value that JSON cannot hold is our mistake.
func jsonAnswer(_ value: some Encodable) throws(WebFailure) -> Response {
    do {
        return answer(try apiJSON(value), "application/json; charset=utf-8")
    } catch {
        throw .broken(error)
    }
}

/// Returns an answer with these bytes; nothing may keep it, because it is what holds now.
func answer(_ bytes: [UInt8], _ contentType: String) -> Response {
    Response(
        status: .ok,
        headers: [
            .contentType: contentType, .cacheControl: "no-store",
            .xContentTypeOptions: "nosniff",
        ],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
}
