/// An object as a store lists it.
package struct StoredObject: Hashable, Sendable {
    package var key: String
    /// Without quotes: another one means other bytes.
    package var etag: String
    package var sizeBytes: Int

    package init(key: String, etag: String, sizeBytes: Int) {
        self.key = key
        self.etag = etag
        self.sizeBytes = sizeBytes
    }
}

/// An object store that speaks S3, addressed as `<endpoint>/<bucket>/<key>`.
package struct ObjectStore: Sendable {
    private let client: HTTPClient
    /// Without a slash at its end.
    private let endpoint: String
    private let key: StoreKey?

    /// How often a request is made whose answer may be another the next time.
    private static let triesMax = 3
    private static let errorBytesMax = 1 << 16
    private static let pageBytesMax = 16 << 20
    /// SHA-256 of nothing; a request without a body says so.
    private static let emptyDigest =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// Without a key requests are not signed, which is right for public buckets alone.
    package init(
        client: HTTPClient, endpoint: String, key: StoreKey?
    ) throws(TransferError) {
        let address = try WebAddress(endpoint)
        guard address.pathAndQuery.isEmpty || address.pathAndQuery == "/" else {
            throw .malformedURL(reason: "an endpoint is a scheme and a host, without a path")
        }
        self.client = client
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        self.key = key
    }

    /// Hands an object's bytes to `sink` and returns what it is; one try.
    package func get(
        _ bucket: String, _ objectKey: String, into sink: BodySink
    ) async throws(TransferError) -> StoredObject {
        let path = "/\(percentEncoded(bucket))/\(percentEncoded(objectKey, keepingSlashes: true))"
        let counted = CountedSink(sink)
        let answer = try await client.receive(request(path), signedWith: key, into: counted.sink)
        guard answer.status == 200 else { throw refusal(answer, "s3://\(bucket)/\(objectKey)") }
        return StoredObject(
            key: objectKey, etag: unquoted(answer.header("etag") ?? ""),
            sizeBytes: counted.bytes)
    }

    /// Returns every object whose key starts with `prefix`, in the store's order.
    ///
    /// More than `objectsMax` are an error.
    package func list(
        _ bucket: String, prefix: String, objectsMax: Int
    ) async throws(TransferError) -> [StoredObject] {
        var objects: [StoredObject] = []
        var token: String?
        // Because a page may be empty, and a store may say for ever that there is one more.
        for _ in 0...(objectsMax / 100 + 100) {
            let page = try await page(bucket, prefix, token)
            objects += page.objects
            guard objects.count <= objectsMax else {
                throw .tooManyObjects(prefix: "s3://\(bucket)/\(prefix)", limit: objectsMax)
            }
            guard let next = page.next else { return objects }
            guard next != token else {
                throw .malformedAnswer(server: server, reason: "the listing goes round in circles")
            }
            token = next
        }
        throw .malformedAnswer(server: server, reason: "the listing does not end")
    }

    private func page(
        _ bucket: String, _ prefix: String, _ token: String?
    ) async throws(TransferError) -> ObjectListing {
        // In the order of the names, because libcurl before 8.1 signs them as they stand.
        var query: [(String, String)] = []
        if let token { query.append(("continuation-token", token)) }
        query += [("list-type", "2"), ("max-keys", "1000")]
        if !prefix.isEmpty { query.append(("prefix", prefix)) }
        let written = query.map { "\($0)=\(percentEncoded($1))" }.joined(separator: "&")
        let request = request("/\(percentEncoded(bucket))?\(written)")
        let bytes = try await retrying { () async throws(TransferError) in
            let body = CollectedBody()
            let answer = try await client.receive(
                request, signedWith: key,
                into: BodySink(bytesMax: Self.pageBytesMax) { body.take($0) })
            guard answer.status == 200 else { throw refusal(answer, "s3://\(bucket)/\(prefix)") }
            return body.bytes
        }
        do throws(XMLReader.Fault) {
            return try ObjectListing(XMLReader.read(bytes))
        } catch {
            throw .malformedAnswer(server: server, reason: error.reason)
        }
    }

    private func request(_ path: String) -> HTTPRequest {
        HTTPRequest(
            .get, endpoint + path,
            headers: key == nil ? [] : [("x-amz-content-sha256", Self.emptyDigest)])
    }

    private func refusal(_ answer: HTTPResponse, _ what: String) -> TransferError {
        // Because a refusal without a readable reason is one all the same.
        let error = try? XMLReader.read(Array(answer.body.prefix(Self.errorBytesMax)))
        let code = error?.text(of: "Code").map { word in
            String(word.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(60))
        }
        return .dataRefused(
            DataRefusal(
                server: server, what: what, status: answer.status, code: code, keyID: key?.keyID))
    }

    private var server: String {
        // Because the endpoint was read when the store was made.
        (try? WebAddress(endpoint).server) ?? endpoint
    }

    /// Tries again after a fault that may pass by itself.
    private func retrying<Value>(
        _ work: () async throws(TransferError) -> Value
    ) async throws(TransferError) -> Value {
        var tries = 0
        while true {
            tries += 1
            do throws(TransferError) {
                return try await work()
            } catch {
                guard error.mayPass, tries < Self.triesMax else { throw error }
                try await pause(after: tries, server: server)
            }
        }
    }
}

extension TransferError {
    /// Whether the same request may go well in a moment.
    package var mayPass: Bool {
        switch self {
        case .unreachable, .interrupted: true
        case .dataRefused(let refusal): refusal.isPassing
        default: false
        }
    }
}

/// Waits before the next try: twice as long each time, with jitter; ends with the task.
package func pause(after tries: Int, server: String) async throws(TransferError) {
    let seconds = 0.5 * Double(1 << min(tries - 1, 6)) * Double.random(in: 0.75...1.25)
    do {
        try await Task.sleep(for: .seconds(seconds))
    } catch {
        throw .cancelled(server: server)
    }
}

func unquoted(_ text: String) -> String {
    let plain = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
    guard plain.count >= 2, plain.hasPrefix("\""), plain.hasSuffix("\"") else {
        return String(plain)
    }
    return String(plain.dropFirst().dropLast())
}
