import CCurl

/// One transfer's state in libcurl, with the connections it keeps open for the next one.
///
/// Because a pool hands it from thread to thread it is a class and not a noncopyable value; at
/// any time only the one transfer that took it out of the pool uses it.
@safe
final class EasyHandle: Sendable {
    let library: CurlLibrary
    private nonisolated(unsafe) let pointer: UnsafeMutableRawPointer

    init() throws(TransferError) {
        library = try CurlLibrary.shared()
        guard let pointer = unsafe slipway_curl_easy_init(library.functions) else {
            throw .library(during: "preparing a transfer", message: "no handle came back")
        }
        unsafe self.pointer = pointer
    }

    deinit { unsafe slipway_curl_easy_cleanup(library.functions, pointer) }

    /// Forgets all options and keeps the connections.
    func reset() { unsafe slipway_curl_easy_reset(library.functions, pointer) }

    func set(_ option: CURLoption, _ number: Int) throws(TransferError) {
        try check(unsafe slipway_curl_set_long(library.functions, pointer, option, number), option)
    }

    func set(_ option: CURLoption, offset: Int) throws(TransferError) {
        try check(
            unsafe slipway_curl_set_offset(library.functions, pointer, option, curl_off_t(offset)),
            option)
    }

    /// Sets a text, of which libcurl makes a copy.
    func set(_ option: CURLoption, _ text: String) throws(TransferError) {
        let code = unsafe text.withCString {
            unsafe slipway_curl_set_pointer(library.functions, pointer, option, $0)
        }
        try check(code, option)
    }

    /// Sets the request's body, of which libcurl makes a copy.
    func setBody(_ body: [UInt8]) throws(TransferError) {
        try set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
        // Because an empty array may have no address, which would mean "no body".
        let bytes = body.isEmpty ? [0] : body
        let code = unsafe bytes.withUnsafeBytes {
            unsafe slipway_curl_set_pointer(
                library.functions, pointer, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
        }
        try check(code, CURLOPT_COPYPOSTFIELDS)
    }

    /// Sets a list, which must live until the transfer has ended.
    func set(_ option: CURLoption, _ list: borrowing TextList) throws(TransferError) {
        let code = unsafe slipway_curl_set_pointer(
            library.functions, pointer, option, list.pointer)
        try check(code, option)
    }

    /// Allows these protocols only; the bits are those of `CURLPROTO_…`, for libcurl before 7.85.
    func allow(_ protocols: String, bits: Int) throws(TransferError) {
        var code = unsafe slipway_curl_set_protocols(library.functions, pointer, protocols)
        if code == CURLE_UNKNOWN_OPTION {
            code = unsafe slipway_curl_set_protocol_bits(library.functions, pointer, bits)
        }
        try check(code, CURLOPT_URL)
    }

    /// Hands what the server answers to `listener`, which must outlive the transfer.
    func hear<Listener: TransferListener>(_ listener: Listener) throws(TransferError) {
        let box = unsafe Unmanaged.passUnretained(listener as AnyObject).toOpaque()
        for option in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA] {
            let code = unsafe slipway_curl_set_pointer(library.functions, pointer, option, box)
            try check(code, option)
        }
        let writing = unsafe slipway_curl_set_writer(
            library.functions, pointer, CURLOPT_WRITEFUNCTION,
            { unsafe heard($0, $1 &* $2, by: $3) { unsafe $0.hear(body: $1) } })
        try check(writing, CURLOPT_WRITEFUNCTION)
        let naming = unsafe slipway_curl_set_writer(
            library.functions, pointer, CURLOPT_HEADERFUNCTION,
            { unsafe heard($0, $1 &* $2, by: $3) { unsafe $0.hear(line: $1) } })
        try check(naming, CURLOPT_HEADERFUNCTION)
        let reading = unsafe slipway_curl_set_reader(
            library.functions, pointer, { unsafe said($0, $1 &* $2, by: $3) })
        try check(reading, CURLOPT_READFUNCTION)
    }

    /// Runs the transfer to its end; blocks this thread until the deadline that was set.
    ///
    /// A raised flag is noticed within a second.
    func perform(_ stop: StopFlag) throws(TransferError) -> Outcome {
        let size = Int(CURL_ERROR_SIZE)
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: size)
        unsafe text.initialize(repeating: 0, count: size)
        defer { unsafe text.deallocate() }
        try set(CURLOPT_NOPROGRESS, 0)
        unsafe try setPointer(CURLOPT_ERRORBUFFER, text)
        unsafe try setPointer(CURLOPT_XFERINFODATA, Unmanaged.passUnretained(stop).toOpaque())
        _ = unsafe slipway_curl_set_progress(library.functions, pointer) { flag, _, _, _, _ in
            guard let flag = unsafe flag else { return 0 }
            return unsafe Unmanaged<StopFlag>.fromOpaque(flag).takeUnretainedValue().isRaised
                ? 1 : 0
        }
        let code = withExtendedLifetime(stop) {
            unsafe slipway_curl_easy_perform(library.functions, pointer)
        }
        // Because closing the handle may speak to the server once more.
        _ = unsafe slipway_curl_set_progress(library.functions, pointer, nil)
        unsafe try setPointer(CURLOPT_ERRORBUFFER, nil)
        return Outcome(
            code: code, plainText: library.message(code),
            detail: unsafe String(cString: text),
            isConnected: offset(CURLINFO_PRETRANSFER_TIME_T) > 0)
    }

    /// Returns a number about the last transfer; 0 where libcurl does not know it.
    func number(_ info: CURLINFO) -> Int {
        var value = 0
        _ = unsafe slipway_curl_get_long(library.functions, pointer, info, &value)
        return value
    }

    private func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        _ = unsafe slipway_curl_get_offset(library.functions, pointer, info, &value)
        return Int(value)
    }

    /// Returns a text about the last transfer.
    func text(_ info: CURLINFO) -> String? {
        var value: UnsafePointer<CChar>?
        _ = unsafe slipway_curl_get_text(library.functions, pointer, info, &value)
        return unsafe value.map { unsafe String(cString: $0) }
    }

    private func setPointer(
        _ option: CURLoption, _ value: UnsafeRawPointer?
    ) throws(TransferError) {
        let code = unsafe slipway_curl_set_pointer(library.functions, pointer, option, value)
        try check(code, option)
    }

    private func check(_ code: CURLcode, _ option: CURLoption) throws(TransferError) {
        if code == CURLE_OK { return }
        throw .library(
            during: "setting option \(option.rawValue) of libcurl", message: library.message(code))
    }
}

/// How a transfer ended.
struct Outcome: Sendable {
    var code: CURLcode
    /// libcurl's sentence for the code, which names nothing of the request.
    var plainText: String
    /// What libcurl says about this transfer; may be empty, and may repeat what was sent.
    var detail: String
    /// Whether the connection, with its TLS, stood before the end.
    var isConnected: Bool
}

/// A list of texts in libcurl's memory, with one owner.
@safe
struct TextList: ~Copyable {
    private let library: CurlLibrary
    let pointer: UnsafeMutablePointer<curl_slist>?

    init(_ texts: [String], _ library: CurlLibrary) throws(TransferError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for text in texts {
            guard let longer = unsafe slipway_curl_slist_append(library.functions, list, text)
            else {
                unsafe slipway_curl_slist_free_all(library.functions, list)
                throw .library(during: "preparing a transfer", message: "out of memory")
            }
            unsafe list = longer
        }
        unsafe self.pointer = list
        self.library = library
    }

    deinit { unsafe slipway_curl_slist_free_all(library.functions, pointer) }
}
