<?php
declare(strict_types=1);

/** OpenID Connect's code flow with PKCE (OIDC Core §3.1, RFC 7636), with nothing but PHP and its openssl extension. */
final class Eid
{
    private ?array $metadata = null;

    public function __construct(private string $issuer, private string $clientId, private string $secret, private string $origin) {}

    /** Where to send the browser, and what to keep in the session until the answer comes. */
    public function begin(): array
    {
        $pending = ['state' => self::random(), 'nonce' => self::random(), 'verifier' => self::random()];
        $query = http_build_query([
            'client_id' => $this->clientId, 'response_type' => 'code', 'redirect_uri' => "$this->origin/callback", 'scope' => 'openid profile',
            'state' => $pending['state'], 'nonce' => $pending['nonce'],
            'code_challenge' => self::base64url(hash('sha256', $pending['verifier'], true)), 'code_challenge_method' => 'S256',
        ]);
        return [$this->metadata()['authorization_endpoint'] . "?$query", $pending];
    }

    /** Checks the answer and fetches what the person shares; throws when anything is not as it must be. */
    public function finish(array $answer, array $pending): array
    {
        if (!hash_equals($pending['state'], $answer['state'] ?? '') || ($answer['iss'] ?? '') !== $this->issuer) throw new RuntimeException('this answer was not asked for here');
        if (isset($answer['error'])) throw new RuntimeException($answer['error'] . ': ' . ($answer['error_description'] ?? ''));
        $tokens = $this->ask($this->metadata()['token_endpoint'], [
            'Authorization: Basic ' . base64_encode(rawurlencode($this->clientId) . ':' . rawurlencode($this->secret)),
            'Content-Type: application/x-www-form-urlencoded',
        ], http_build_query(['grant_type' => 'authorization_code', 'code' => $answer['code'] ?? '', 'redirect_uri' => "$this->origin/callback", 'code_verifier' => $pending['verifier']]));
        $claims = $this->idToken($tokens['id_token'], $pending['nonce']);
        $userinfo = $this->ask($this->metadata()['userinfo_endpoint'], ['Authorization: Bearer ' . $tokens['access_token']]);
        if ($userinfo['sub'] !== $claims['sub']) throw new RuntimeException('the answer is about somebody else');
        return ['id_token' => $tokens['id_token'], 'claims' => $claims, 'userinfo' => $userinfo];
    }

    public function signOut(string $idToken): string
    {
        return $this->metadata()['end_session_endpoint'] . '?' . http_build_query(['id_token_hint' => $idToken, 'post_logout_redirect_uri' => "$this->origin/"]);
    }

    /** OIDC Core §3.1.3.7: signature, issuer, audience, time and nonce. ES256 and nothing else. */
    private function idToken(string $token, string $nonce): array
    {
        [$head, $body, $signature] = explode('.', $token) + ['', '', ''];
        $header = json_decode(self::unbase64url($head), true);
        $keys = array_filter($this->ask($this->metadata()['jwks_uri'])['keys'], fn($key) => $key['kid'] === $header['kid'] && ($key['crv'] ?? '') === 'P-256');
        if ($header['alg'] !== 'ES256' || $keys === []) throw new RuntimeException('the ID token is signed with no key that we know');
        $signed = openssl_verify("$head.$body", self::der(self::unbase64url($signature)), self::pem(reset($keys)), OPENSSL_ALGO_SHA256);
        $claims = json_decode(self::unbase64url($body), true);
        $fits = $signed === 1 && $claims['iss'] === $this->issuer && $claims['aud'] === $this->clientId
            && $claims['exp'] > time() - 10 && hash_equals($nonce, $claims['nonce'] ?? '');
        return $fits ? $claims : throw new RuntimeException('the ID token is not for this sign-in');
    }

    /** A public key on P-256 as OpenSSL reads it: the fixed head of such a key (RFC 5480), then the point. */
    private static function pem(array $jwk): string
    {
        $der = hex2bin('3059301306072a8648ce3d020106082a8648ce3d030107034200') . "\x04" . self::unbase64url($jwk['x']) . self::unbase64url($jwk['y']);
        return "-----BEGIN PUBLIC KEY-----\n" . chunk_split(base64_encode($der), 64, "\n") . "-----END PUBLIC KEY-----\n";
    }

    /** A signature of JWS (r and s, 32 bytes each) as OpenSSL reads it: two integers in a sequence. */
    private static function der(string $signature): string
    {
        if (strlen($signature) !== 64) throw new RuntimeException('not a signature of ES256');
        $integers = implode('', array_map(function (string $number): string {
            $number = ltrim($number, "\0");
            if ($number === '' || ord($number[0]) > 127) $number = "\0$number";
            return "\x02" . chr(strlen($number)) . $number;
        }, str_split($signature, 32)));
        return "\x30" . chr(strlen($integers)) . $integers;
    }

    private function metadata(): array
    {
        return $this->metadata ??= $this->ask("$this->issuer/.well-known/openid-configuration");
    }

    private function ask(string $url, array $headers = [], ?string $form = null): array
    {
        $http = ['method' => $form === null ? 'GET' : 'POST', 'header' => $headers, 'timeout' => 10, 'ignore_errors' => true, 'follow_location' => 0];
        $text = file_get_contents($url, false, stream_context_create(['http' => $http + ($form === null ? [] : ['content' => $form])]));
        $read = json_decode($text ?: '', true);
        if (!is_array($read)) throw new RuntimeException('the e-ID does not answer');
        if (isset($read['error'])) throw new RuntimeException("{$read['error']}: {$read['error_description']}");
        return $read;
    }

    private static function random(): string { return self::base64url(random_bytes(32)); }
    private static function base64url(string $bytes): string { return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '='); }
    private static function unbase64url(string $text): string { return (string) base64_decode(strtr($text, '-_', '+/'), true); }
}
