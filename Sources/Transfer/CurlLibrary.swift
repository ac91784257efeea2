import CCurl

/// libcurl, opened when something is first sent, so that other commands start without it.
@safe
struct CurlLibrary: Sendable {
    /// Filled before anybody else sees it and never changed, so that all threads may read it.
    nonisolated(unsafe) let functions: UnsafePointer<slipway_curl>

    /// The names of the same interface over OpenSSL and over GnuTLS.
    private static let opened = open(["libcurl.so.4", "libcurl-gnutls.so.4"])

    /// Returns the library of this process; every call returns or throws the same.
    static func shared() throws(TransferError) -> CurlLibrary { try opened.get() }

    /// Opens the first of the libraries that exists; not for two threads at once.
    static func open(_ names: [String]) -> Result<CurlLibrary, TransferError> {
        var reasons: [String] = []
        for name in names {
            var reason: UnsafePointer<CChar>?
            if let functions = unsafe slipway_curl_load(name, &reason) {
                return unsafe CurlLibrary(functions: functions).started()
            }
            reasons.append(unsafe reason.map { unsafe String(cString: $0) } ?? name)
        }
        return .failure(.libraryMissing(reason: reasons.first ?? "no name to look for"))
    }

    private func started() -> Result<CurlLibrary, TransferError> {
        slipway_curl_ignore_broken_pipes()
        let code = unsafe slipway_curl_global_init(functions)
        if code == CURLE_OK { return .success(self) }
        return .failure(.library(during: "starting libcurl", message: message(code)))
    }

    /// Returns libcurl's own sentence for a code, which names nothing of the request.
    func message(_ code: CURLcode) -> String {
        guard let text = unsafe slipway_curl_easy_strerror(functions, code) else {
            return "error \(code.rawValue)"
        }
        return unsafe String(cString: text)
    }
}
