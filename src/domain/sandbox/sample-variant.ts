import type { Kind } from './developer-client.ts'

/** How an example proves itself by what it does not use as it stands: the same program, with a key instead of a secret or the other way round. */
export type Variant = {
  kind: Extract<Kind, 'key' | 'secret'>
  files: readonly string[]
  run: (port: string) => string
  swaps: readonly (readonly [from: string, to: string])[]
}

const withSecret = 'CLIENT_SECRET=…'

export const variants = {
  node: {
    kind: 'secret',
    files: ['node/sign-in.js', 'node/step-up.js', 'node/app.js'],
    run: () => `npm init -y && npm pkg set type=module && npm install openid-client@6\n${withSecret} node app.js`,
    swaps: [
      ['a key of our own (private_key_jwt), tokens bound to a key (DPoP).', 'a client secret, tokens bound to a key (DPoP).'],
      ['{ issuer, clientId, origin, key }', '{ issuer, clientId, origin, secret }'], ['oidc.PrivateKeyJwt(key)', 'oidc.ClientSecretBasic(secret)'],
      ["import { ownKey } from './key.js'\n", ''], ["const key = await ownKey(process.env.KEY_FILE ?? new URL('own-key.json', import.meta.url).pathname)\n", 'const secret = process.env.CLIENT_SECRET\n'],
      ["  '/jwks': () => ({ json: key.published }),\n\n", ''], ['key: key.private', 'secret'],
    ],
  },
  spring: {
    kind: 'secret',
    files: ['java-spring/src/main/resources/application.yml', 'java-spring/src/main/java/example/Security.java', 'java-spring/src/main/java/example/Application.java', 'java-spring/pom.xml'],
    run: () => `${withSecret} mvn spring-boot:run`,
    swaps: [
      ['client-authentication-method: private_key_jwt', 'client-secret: ${CLIENT_SECRET}\n            client-authentication-method: client_secret_basic'],
      ['eid:\n  key-file: ${KEY_FILE:own-key.json}\n', ''],
      [', ECKey key) throws', ') throws'], ['.requestMatchers("/jwks").permitAll()', ''], ['(requests))\n                .tokenEndpoint(at -> at.accessTokenResponseClient(tokens(key))))', '(requests)))'],
      [`    /** Our assertion is made for the issuer; by itself Spring names the token endpoint, which the e-ID refuses (RFC 7523). */
    private static RestClientAuthorizationCodeTokenResponseClient tokens(ECKey key) {
        var proof = new NimbusJwtClientAuthenticationParametersConverter<OAuth2AuthorizationCodeGrantRequest>(client -> key);
        proof.setJwtClientAssertionCustomizer(assertion -> assertion.getClaims().audience(List.of(
            assertion.getAuthorizationGrantRequest().getClientRegistration().getProviderDetails().getIssuerUri())));
        var client = new RestClientAuthorizationCodeTokenResponseClient();
        client.addParametersConverter(proof);
        return client;
    }

`, ''],
      [`

    /** Made at the first start, kept in a file that only this program reads. */
    @Bean
    ECKey ownKey(@Value("\${eid.key-file}") Path file) throws Exception {
        if (!Files.exists(file)) {
            var made = new ECKeyGenerator(Curve.P_256).keyID(UUID.randomUUID().toString()).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.ES256).generate();
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, made.toJSONString());
        }
        return ECKey.parse(Files.readString(file));
    }`, ''],
      ...['java.nio.file.Files', 'java.nio.file.Path', 'java.nio.file.attribute.PosixFilePermissions', 'java.util.List', 'java.util.UUID', 'com.nimbusds.jose.JWSAlgorithm', 'com.nimbusds.jose.jwk.Curve', 'com.nimbusds.jose.jwk.ECKey', 'com.nimbusds.jose.jwk.KeyUse',
        'com.nimbusds.jose.jwk.gen.ECKeyGenerator', 'com.nimbusds.jose.jwk.JWKSet', 'org.springframework.beans.factory.annotation.Value', 'org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter',
        'org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest', 'org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient'].map((name) => [`import ${name};\n`, ''] as const),
      ['    private final ECKey key;\n\n    Application(ECKey key) {\n        this.key = key;\n    }\n\n', ''],
      ['\n\n    /** The public half of our key, at the `jwks_uri` of the registration. */\n    @GetMapping("/jwks")\n    Map<String, Object> keys() {\n        return new JWKSet(key).toJSONObject();\n    }', ''],
    ],
  },
  dotnet: {
    kind: 'key',
    files: ['dotnet/Program.cs', 'dotnet/OwnKey.cs', 'dotnet/eid-example.csproj'],
    run: () => 'dotnet run',
    swaps: [
      ['options.ClientSecret = builder.Configuration["CLIENT_SECRET"] ?? "development-only-dotnet-0123456789abcdef0123456789abcdef";', 'var key = new OwnKey(builder.Configuration["KEY_FILE"] ?? "own-key.json");\n        options.Events.OnAuthorizationCodeReceived = context => key.Prove(context, issuer);'],
    ],
  },
  php: {
    kind: 'key',
    files: ['php/eid.php', 'php/own_key.php', 'php/index.php'],
    run: (port) => `php -S localhost:${port} index.php`,
    swaps: [
      ['private string $secret,', 'private OwnKey $key,'],
      ["            'Authorization: Basic ' . base64_encode(rawurlencode($this->clientId) . ':' . rawurlencode($this->secret)),\n", ''],
      ["'code_verifier' => $pending['verifier']]));", "'code_verifier' => $pending['verifier'],\n            'client_id' => $this->clientId, 'client_assertion_type' => 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', 'client_assertion' => $this->key->assertion($this->clientId, $this->issuer)]));"],
      ["require __DIR__ . '/eid.php';", "require __DIR__ . '/eid.php';\nrequire __DIR__ . '/own_key.php';"],
      ["getenv('CLIENT_SECRET') ?: 'development-only-php-0123456789abcdef0123456789abcdef'", "new OwnKey(getenv('KEY_FILE') ?: __DIR__ . '/own-key.json')"],
      ['in plain PHP: a client secret and PKCE', 'in plain PHP: a key of our own (private_key_jwt) and PKCE'],
    ],
  },
  python: {
    kind: 'secret',
    files: ['python/app.py'],
    run: () => `apt-get install python3-authlib python3-requests\n${withSecret} /usr/bin/python3 app.py`,
    swaps: [
      ['Authlib with a key of our own (private_key_jwt) and PKCE', 'Authlib with a client secret and PKCE'],
      ["from authlib.oauth2.rfc7523 import PrivateKeyJWT\nfrom authlib.oauth2.rfc7523.assertion import private_key_jwt_sign\n", ''], ['from own_key import own_key\n\n', ''],
      ["KEY = own_key(os.environ.get('KEY_FILE', os.path.join(os.path.dirname(__file__), 'own-key.json')))", "SECRET = os.environ['CLIENT_SECRET']"],
      [`class Assertion(PrivateKeyJWT):
    """Authlib 1.2 means the token endpoint, lives an hour and, with claims of one's own, says the same \`jti\` twice. The e-ID wants its issuer as
    the one audience, five minutes at most and a new \`jti\` each time."""

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(
            KEY, CLIENT_ID, ISSUER, alg='ES256', claims={'jti': generate_token(36)}, expires_in=60,
            header={'alg': 'ES256', 'kid': KEY.as_dict()['kid']})


`, ''],
      ["'unused', token_endpoint_auth_method='private_key_jwt'", "SECRET, token_endpoint_auth_method='client_secret_basic'"], ['    session = OAuth2Session(', '    return OAuth2Session('], ['\n    session.register_client_auth_method(Assertion())\n    return session', ''],
      ["        if path == '/jwks':\n            return 200, 'application/json', json.dumps({'keys': [KEY.as_dict(is_private=False, use='sig', alg='ES256')]})\n", ''],
    ],
  },
} as const satisfies Record<string, Variant>
