<?php
declare(strict_types=1);

/** This client's key (a JWK on P-256, in a file that only this program reads), for a client that proves itself by `private_key_jwt`. */
final class OwnKey
{
    private array $jwk;

    public function __construct(string $file)
    {
        $this->jwk = json_decode((string) file_get_contents($file), true, 8, JSON_THROW_ON_ERROR);
    }

    /** Who we are, for the issuer alone, for a minute and once (RFC 7523 §3). */
    public function assertion(string $clientId, string $issuer): string
    {
        $head = self::base64url(json_encode(['alg' => 'ES256', 'kid' => $this->jwk['kid']]));
        $body = self::base64url(json_encode(['iss' => $clientId, 'sub' => $clientId, 'aud' => $issuer, 'jti' => bin2hex(random_bytes(18)), 'iat' => time(), 'exp' => time() + 60]));
        if (!openssl_sign("$head.$body", $signature, $this->pem(), OPENSSL_ALGO_SHA256)) throw new RuntimeException('the key does not sign');
        return "$head.$body." . self::base64url(self::raw($signature));
    }

    /** A private key on P-256 as OpenSSL reads it: the fixed parts of such a key around its numbers (RFC 5915). */
    private function pem(): string
    {
        $of = fn(string $name): string => (string) base64_decode(strtr($this->jwk[$name], '-_', '+/'), true);
        $der = hex2bin('30770201010420') . $of('d') . hex2bin('a00a06082a8648ce3d030107a144034200') . "\x04" . $of('x') . $of('y');
        return "-----BEGIN EC PRIVATE KEY-----\n" . chunk_split(base64_encode($der), 64, "\n") . "-----END EC PRIVATE KEY-----\n";
    }

    /** A signature of OpenSSL (two integers in a sequence) as JWS has it: r and s, 32 bytes each (RFC 7518 §3.4). */
    private static function raw(string $der): string
    {
        $raw = '';
        for ($at = 2; $at < strlen($der); $at += 2 + $length) {
            $length = ord($der[$at + 1]);
            $raw .= str_pad(ltrim(substr($der, $at + 2, $length), "\0"), 32, "\0", STR_PAD_LEFT);
        }
        return $raw;
    }

    private static function base64url(string $bytes): string { return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '='); }
}
