<?php
// Sign-in with the national e-ID in plain PHP: a client secret and PKCE, profile `baseline`. Run: php -S localhost:3013 index.php
declare(strict_types=1);
require __DIR__ . '/eid.php';

$eid = new Eid(getenv('ISSUER') ?: 'http://localhost:3000', 'example-php',
    getenv('CLIENT_SECRET') ?: 'development-only-php-0123456789abcdef0123456789abcdef', 'http://' . (getenv('HOST') ?: 'localhost:3013'));
session_set_cookie_params(['httponly' => true, 'samesite' => 'Lax']);
session_start();

try {
    switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
        case '/sign-in':
            [$to, $_SESSION['pending']] = $eid->begin();
            header("Location: $to", true, 303);
            break;
        case '/callback':
            $pending = $_SESSION['pending'] ?? null;
            unset($_SESSION['pending']);
            if ($pending === null) throw new RuntimeException('this sign-in was not begun here');
            $told = $eid->finish($_GET, $pending);
            session_regenerate_id(true);
            $_SESSION['signed_in'] = $told;
            // An example shows what it got; a service never logs it.
            error_log(json_encode(['claims' => $told['claims'], 'userinfo' => $told['userinfo']], JSON_UNESCAPED_UNICODE));
            header('Location: /', true, 303);
            break;
        case '/sign-out':
            $to = $eid->signOut($_SESSION['signed_in']['id_token'] ?? '');
            session_destroy();
            header("Location: $to", true, 303);
            break;
        default:
            $who = $_SESSION['signed_in'] ?? null;
            echo $who === null
                ? '<h1>Example</h1><a href="/sign-in">Sign in with the national e-ID</a>'
                : '<h1>' . htmlspecialchars($who['userinfo']['name'] ?? $who['claims']['sub']) . '</h1><a href="/sign-out">Sign out</a>';
    }
} catch (Throwable $fault) {
    error_log(json_encode(['error' => $fault->getMessage()]));
    http_response_code(502);
    echo 'The sign-in did not succeed. <a href="/">Back</a>';
}
