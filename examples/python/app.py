"""Sign-in with the national e-ID in Python: Authlib with a key of our own (private_key_jwt) and PKCE, profile `baseline`."""
import html
import json
import os
import secrets
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7523.assertion import private_key_jwt_sign
from authlib.oidc.core import CodeIDToken

from own_key import own_key

ISSUER = os.environ.get('ISSUER', 'http://localhost:3000')
PORT = int(os.environ.get('PORT', '3012'))
ORIGIN = f'http://localhost:{PORT}'
CLIENT_ID = 'example-python'
KEY = own_key(os.environ.get('KEY_FILE', os.path.join(os.path.dirname(__file__), 'own-key.json')))
SESSIONS = {}
TIMEOUT = 10


class Assertion(PrivateKeyJWT):
    """Authlib 1.2 means the token endpoint, lives an hour and, with claims of one's own, says the same `jti` twice. The e-ID wants its issuer as
    the one audience, five minutes at most and a new `jti` each time."""

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(
            KEY, CLIENT_ID, ISSUER, alg='ES256', claims={'jti': generate_token(36)}, expires_in=60,
            header={'alg': 'ES256', 'kid': KEY.as_dict()['kid']})


def discovered():
    return requests.get(f'{ISSUER}/.well-known/openid-configuration', timeout=TIMEOUT).json()


def client():
    session = OAuth2Session(
        CLIENT_ID, 'unused', token_endpoint_auth_method='private_key_jwt', scope='openid profile',
        redirect_uri=f'{ORIGIN}/callback', code_challenge_method='S256', default_timeout=TIMEOUT)
    session.register_client_auth_method(Assertion())
    return session


def begin(session):
    pending = {'verifier': generate_token(48), 'nonce': generate_token(20)}
    url, pending['state'] = client().create_authorization_url(
        discovered()['authorization_endpoint'], code_verifier=pending['verifier'], nonce=pending['nonce'])
    session['pending'] = pending
    return url


def finish(session, query):
    pending, e_id = session.pop('pending'), discovered()
    if query.get('state') != pending['state'] or query.get('iss') != ISSUER:
        raise ValueError('this answer was not asked for here')
    if 'error' in query:
        raise ValueError(f"{query['error']}: {query.get('error_description')}")
    oauth = client()
    tokens = oauth.fetch_token(e_id['token_endpoint'], code=query['code'], code_verifier=pending['verifier'])
    claims = id_token(tokens['id_token'], e_id, pending['nonce'])
    userinfo = oauth.get(e_id['userinfo_endpoint']).json()
    if userinfo['sub'] != claims['sub']:
        raise ValueError('the answer is about somebody else')
    session['signed_in'] = {'id_token': tokens['id_token'], 'claims': dict(claims), 'userinfo': userinfo}
    print(json.dumps({'claims': claims, 'userinfo': userinfo}), flush=True)  # an example shows what it got; a service never logs it


def id_token(text, e_id, nonce):
    keys = JsonWebKey.import_key_set(requests.get(e_id['jwks_uri'], timeout=TIMEOUT).json())
    must = {'iss': {'essential': True, 'value': ISSUER}, 'aud': {'essential': True, 'value': CLIENT_ID}}
    claims = JsonWebToken(['ES256']).decode(text, keys, claims_cls=CodeIDToken, claims_options=must, claims_params={'nonce': nonce})
    claims.validate(now=int(time.time()), leeway=10)
    return claims


class Example(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        cookie = SimpleCookie(self.headers.get('Cookie', '')).get('session')
        name = cookie.value if cookie else secrets.token_urlsafe(24)
        session = SESSIONS.setdefault(name, {})
        try:
            self.answer(name, *self.page(url.path, {k: v[0] for k, v in parse_qs(url.query).items()}, session))
        except Exception as fault:  # whatever went wrong, nobody is signed in
            print(json.dumps({'error': str(fault)}), flush=True)
            self.answer(name, 502, 'text/html', 'The sign-in did not succeed. <a href="/">Back</a>')

    def page(self, path, query, session):
        if path == '/jwks':
            return 200, 'application/json', json.dumps({'keys': [KEY.as_dict(is_private=False, use='sig', alg='ES256')]})
        if path == '/sign-in':
            return 303, 'location', begin(session)
        if path == '/callback':
            finish(session, query)
            return 303, 'location', '/'
        if path == '/sign-out':
            told = session.pop('signed_in', {})
            query = urlencode({'id_token_hint': told.get('id_token', ''), 'post_logout_redirect_uri': f'{ORIGIN}/'})
            return 303, 'location', f"{discovered()['end_session_endpoint']}?{query}"
        who = session.get('signed_in')
        if who:
            return 200, 'text/html', f"<h1>{html.escape(who['userinfo'].get('name', who['claims']['sub']))}</h1><a href=\"/sign-out\">Sign out</a>"
        return 200, 'text/html', '<h1>Example</h1><a href="/sign-in">Sign in with the national e-ID</a>'

    def answer(self, name, status, kind, text):
        self.send_response(status)
        self.send_header('Set-Cookie', f'session={name}; HttpOnly; SameSite=Lax; Path=/')
        self.send_header(*(('Location', text) if kind == 'location' else ('Content-Type', f'{kind}; charset=utf-8')))
        self.end_headers()
        if kind != 'location':
            self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


if __name__ == '__main__':
    server = ThreadingHTTPServer(('localhost', PORT), Example)
    print(f'Python example: {ORIGIN}', flush=True)
    server.serve_forever()
