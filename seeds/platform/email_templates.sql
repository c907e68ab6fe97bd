-- The e-mails the desktop sends: six kinds, each in Hungarian and English.
-- Keyed on (template_type, locale). Whether a template is in use (is_active) is left as it is found.
-- {{variable}} marks a value put in when the e-mail is sent: escaped for HTML in html_template, as it is in text_template,
-- and with line breaks taken out in subject_template.
-- required_data and optional_data name every variable used. An optional one stands on a line of its own, so that
-- leaving it empty breaks no sentence. expirationTime is a span in the language of the e-mail, such as "15 minutes".

INSERT INTO platform.email_templates (
    template_type, locale, name, subject_template, required_data, optional_data, html_template, text_template
)
VALUES
    -- welcome, hu
    (
        'welcome', 'hu', 'Üdvözlő levél', 'Elkészült a fiókod – {{appName}}',
        '["appName", "userName", "loginUrl"]'::jsonb, '["personalMessage"]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="hu" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Üdvözlünk!</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">A fiókod készen áll, már be is jelentkezhetsz.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Üdvözlünk!</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Kedves {{userName}}!</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Örülünk, hogy itt vagy. A fiókod készen áll, és már be is jelentkezhetsz.</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">{{personalMessage}}</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{loginUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">Bejelentkezés</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Első lépésként érdemes kitöltened a profilodat, és a Beállításokban bekapcsolnod a kétlépcsős azonosítást.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha a gomb nem működik, másold ezt a címet a böngésződbe:<br>
<a href="{{loginUrl}}" style="color: #1d4ed8; word-break: break-all;">{{loginUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Üdvözlettel:<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Üdvözlünk!

Kedves {{userName}}!

Örülünk, hogy itt vagy. A fiókod készen áll, és már be is jelentkezhetsz.

{{personalMessage}}

Bejelentkezés:
{{loginUrl}}

Első lépésként érdemes kitöltened a profilodat, és a Beállításokban bekapcsolnod a kétlépcsős azonosítást.

Üdvözlettel:
{{appName}}

--
Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.
$text$
    ),

    -- welcome, en
    (
        'welcome', 'en', 'Welcome email', 'Your account is ready – {{appName}}',
        '["appName", "userName", "loginUrl"]'::jsonb, '["personalMessage"]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Welcome!</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">Your account is ready and you can sign in.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Welcome!</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Dear {{userName}},</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">We are glad to have you. Your account is ready and you can sign in right away.</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">{{personalMessage}}</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{loginUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">Sign in</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">A good first step is to complete your profile and turn on two-factor authentication in Settings.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If the button does not work, copy this address into your browser:<br>
<a href="{{loginUrl}}" style="color: #1d4ed8; word-break: break-all;">{{loginUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Kind regards,<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">This message was sent automatically. Please do not reply to it.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Welcome!

Dear {{userName}},

We are glad to have you. Your account is ready and you can sign in right away.

{{personalMessage}}

Sign in:
{{loginUrl}}

A good first step is to complete your profile and turn on two-factor authentication in Settings.

Kind regards,
{{appName}}

--
This message was sent automatically. Please do not reply to it.
$text$
    ),

    -- email_verification, hu
    (
        'email_verification', 'hu', 'E-mail-cím megerősítése', 'Erősítsd meg az e-mail-címedet – {{appName}}',
        '["appName", "userName", "verificationUrl", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="hu" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>E-mail-cím megerősítése</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">Egy kattintással megerősítheted az e-mail-címedet.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">E-mail-cím megerősítése</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Kedves {{userName}}!</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Kérjük, erősítsd meg, hogy ez az e-mail-cím a tiéd. Ehhez kattints az alábbi gombra.</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{verificationUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">E-mail-cím megerősítése</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">A hivatkozás ennyi ideig érvényes: {{expirationTime}}.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha nem te regisztráltál, nincs teendőd: megerősítés nélkül a cím nem használható bejelentkezésre.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha a gomb nem működik, másold ezt a címet a böngésződbe:<br>
<a href="{{verificationUrl}}" style="color: #1d4ed8; word-break: break-all;">{{verificationUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Üdvözlettel:<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$E-mail-cím megerősítése

Kedves {{userName}}!

Kérjük, erősítsd meg, hogy ez az e-mail-cím a tiéd. Ehhez kattints az alábbi gombra.

E-mail-cím megerősítése:
{{verificationUrl}}

A hivatkozás ennyi ideig érvényes: {{expirationTime}}.

Ha nem te regisztráltál, nincs teendőd: megerősítés nélkül a cím nem használható bejelentkezésre.

Üdvözlettel:
{{appName}}

--
Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.
$text$
    ),

    -- email_verification, en
    (
        'email_verification', 'en', 'Email verification', 'Verify your email address – {{appName}}',
        '["appName", "userName", "verificationUrl", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Verify your email address</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">One click verifies your email address.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Verify your email address</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Dear {{userName}},</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Please confirm that this email address is yours by using the button below.</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{verificationUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">Verify email address</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">The link is valid for {{expirationTime}}.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If you did not register, there is nothing to do: without verification the address cannot be used to sign in.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If the button does not work, copy this address into your browser:<br>
<a href="{{verificationUrl}}" style="color: #1d4ed8; word-break: break-all;">{{verificationUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Kind regards,<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">This message was sent automatically. Please do not reply to it.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Verify your email address

Dear {{userName}},

Please confirm that this email address is yours by using the button below.

Verify email address:
{{verificationUrl}}

The link is valid for {{expirationTime}}.

If you did not register, there is nothing to do: without verification the address cannot be used to sign in.

Kind regards,
{{appName}}

--
This message was sent automatically. Please do not reply to it.
$text$
    ),

    -- password_reset, hu
    (
        'password_reset', 'hu', 'Jelszó visszaállítása', 'Új jelszó beállítása – {{appName}}',
        '["appName", "userName", "resetUrl", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="hu" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Új jelszó beállítása</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">Hivatkozás az új jelszavad beállításához.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Új jelszó beállítása</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Kedves {{userName}}!</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Új jelszó beállítását kérték a fiókodhoz. Az alábbi gombbal választhatsz új jelszót.</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{resetUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">Új jelszó beállítása</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">A hivatkozás egyszer használható fel, és ennyi ideig érvényes: {{expirationTime}}.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha nem te kérted, hagyd figyelmen kívül ezt a levelet: a jelszavad nem változik meg.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha a gomb nem működik, másold ezt a címet a böngésződbe:<br>
<a href="{{resetUrl}}" style="color: #1d4ed8; word-break: break-all;">{{resetUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Üdvözlettel:<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Új jelszó beállítása

Kedves {{userName}}!

Új jelszó beállítását kérték a fiókodhoz. Az alábbi gombbal választhatsz új jelszót.

Új jelszó beállítása:
{{resetUrl}}

A hivatkozás egyszer használható fel, és ennyi ideig érvényes: {{expirationTime}}.

Ha nem te kérted, hagyd figyelmen kívül ezt a levelet: a jelszavad nem változik meg.

Üdvözlettel:
{{appName}}

--
Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.
$text$
    ),

    -- password_reset, en
    (
        'password_reset', 'en', 'Password reset', 'Set a new password – {{appName}}',
        '["appName", "userName", "resetUrl", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Set a new password</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">A link to set your new password.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Set a new password</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Dear {{userName}},</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Someone asked to set a new password for your account. Use the button below to choose one.</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{resetUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">Set a new password</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">The link works once and is valid for {{expirationTime}}.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If it was not you, ignore this email: your password stays as it is.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If the button does not work, copy this address into your browser:<br>
<a href="{{resetUrl}}" style="color: #1d4ed8; word-break: break-all;">{{resetUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Kind regards,<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">This message was sent automatically. Please do not reply to it.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Set a new password

Dear {{userName}},

Someone asked to set a new password for your account. Use the button below to choose one.

Set a new password:
{{resetUrl}}

The link works once and is valid for {{expirationTime}}.

If it was not you, ignore this email: your password stays as it is.

Kind regards,
{{appName}}

--
This message was sent automatically. Please do not reply to it.
$text$
    ),

    -- notification, hu
    (
        'notification', 'hu', 'Értesítés', 'Értesítés: {{title}}',
        '["appName", "userName", "title", "message", "actionUrl"]'::jsonb, '["details"]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="hu" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">Új értesítésed érkezett.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">{{title}}</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Kedves {{userName}}!</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">{{message}}</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">{{details}}</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{actionUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">Megnyitás</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Azért kaptad ezt a levelet, mert bekapcsoltad az e-mailes értesítéseket. A Beállításokban bármikor kikapcsolhatod őket.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha a gomb nem működik, másold ezt a címet a böngésződbe:<br>
<a href="{{actionUrl}}" style="color: #1d4ed8; word-break: break-all;">{{actionUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Üdvözlettel:<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text${{title}}

Kedves {{userName}}!

{{message}}

{{details}}

Megnyitás:
{{actionUrl}}

Azért kaptad ezt a levelet, mert bekapcsoltad az e-mailes értesítéseket. A Beállításokban bármikor kikapcsolhatod őket.

Üdvözlettel:
{{appName}}

--
Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.
$text$
    ),

    -- notification, en
    (
        'notification', 'en', 'Notification', 'Notification: {{title}}',
        '["appName", "userName", "title", "message", "actionUrl"]'::jsonb, '["details"]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{title}}</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">You have a new notification.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">{{title}}</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Dear {{userName}},</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">{{message}}</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">{{details}}</p>
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin: 8px 0 24px;">
<tr><td bgcolor="#1d4ed8" style="border-radius: 6px; background-color: #1d4ed8;">
<a href="{{actionUrl}}" style="display: inline-block; padding: 12px 24px; font-size: 16px; line-height: 24px; font-weight: bold; color: #ffffff; text-decoration: none;">Open</a>
</td></tr>
</table>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">You received this email because you turned on email notifications. You can turn them off in Settings at any time.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If the button does not work, copy this address into your browser:<br>
<a href="{{actionUrl}}" style="color: #1d4ed8; word-break: break-all;">{{actionUrl}}</a></p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Kind regards,<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">This message was sent automatically. Please do not reply to it.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text${{title}}

Dear {{userName}},

{{message}}

{{details}}

Open:
{{actionUrl}}

You received this email because you turned on email notifications. You can turn them off in Settings at any time.

Kind regards,
{{appName}}

--
This message was sent automatically. Please do not reply to it.
$text$
    ),

    -- two_factor_otp, hu
    (
        'two_factor_otp', 'hu', 'Kétlépcsős azonosítás kódja', 'Ellenőrző kód – {{appName}}',
        '["appName", "userName", "otpCode", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="hu" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ellenőrző kód</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">Ezzel a kóddal fejezheted be a bejelentkezést.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Ellenőrző kód</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Kedves {{userName}}!</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">A bejelentkezés befejezéséhez írd be ezt a kódot:</p>
<p style="margin: 8px 0 24px; padding: 16px; background-color: #eef2ff; border-radius: 6px; font-family: 'Courier New', Courier, monospace; font-size: 32px; line-height: 40px; font-weight: bold; letter-spacing: 6px; text-align: center; color: #0f172a;">{{otpCode}}</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">A kód egyszer használható fel, és ennyi ideig érvényes: {{expirationTime}}. Ne add meg senkinek, mi sem kérjük el tőled.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha nem te próbálsz bejelentkezni, valaki ismerheti a jelszavadat: mielőbb változtasd meg.</p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Üdvözlettel:<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Ellenőrző kód

Kedves {{userName}}!

A bejelentkezés befejezéséhez írd be ezt a kódot:

{{otpCode}}

A kód egyszer használható fel, és ennyi ideig érvényes: {{expirationTime}}. Ne add meg senkinek, mi sem kérjük el tőled.

Ha nem te próbálsz bejelentkezni, valaki ismerheti a jelszavadat: mielőbb változtasd meg.

Üdvözlettel:
{{appName}}

--
Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.
$text$
    ),

    -- two_factor_otp, en
    (
        'two_factor_otp', 'en', 'Two-factor code', 'Verification code – {{appName}}',
        '["appName", "userName", "otpCode", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Verification code</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">Finish signing in with this code.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Verification code</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Dear {{userName}},</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">To finish signing in, enter this code:</p>
<p style="margin: 8px 0 24px; padding: 16px; background-color: #eef2ff; border-radius: 6px; font-family: 'Courier New', Courier, monospace; font-size: 32px; line-height: 40px; font-weight: bold; letter-spacing: 6px; text-align: center; color: #0f172a;">{{otpCode}}</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">The code works once and is valid for {{expirationTime}}. Do not share it with anyone; we will never ask you for it.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If you are not the one signing in, someone may know your password: change it as soon as you can.</p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Kind regards,<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">This message was sent automatically. Please do not reply to it.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Verification code

Dear {{userName}},

To finish signing in, enter this code:

{{otpCode}}

The code works once and is valid for {{expirationTime}}. Do not share it with anyone; we will never ask you for it.

If you are not the one signing in, someone may know your password: change it as soon as you can.

Kind regards,
{{appName}}

--
This message was sent automatically. Please do not reply to it.
$text$
    ),

    -- email_otp_sign_in, hu
    (
        'email_otp_sign_in', 'hu', 'Bejelentkezés e-mailben kapott kóddal', 'Bejelentkezési kód – {{appName}}',
        '["appName", "otpCode", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="hu" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bejelentkezési kód</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">A kért bejelentkezési kódod.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Bejelentkezési kód</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Kedves Felhasználó!</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Ezzel a kóddal jelszó nélkül jelentkezhetsz be:</p>
<p style="margin: 8px 0 24px; padding: 16px; background-color: #eef2ff; border-radius: 6px; font-family: 'Courier New', Courier, monospace; font-size: 32px; line-height: 40px; font-weight: bold; letter-spacing: 6px; text-align: center; color: #0f172a;">{{otpCode}}</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">A kód egyszer használható fel, és ennyi ideig érvényes: {{expirationTime}}. Ne add meg senkinek, mi sem kérjük el tőled.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">Ha nem te kérted a kódot, nincs teendőd: nélküle senki sem tud így belépni.</p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Üdvözlettel:<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Bejelentkezési kód

Kedves Felhasználó!

Ezzel a kóddal jelszó nélkül jelentkezhetsz be:

{{otpCode}}

A kód egyszer használható fel, és ennyi ideig érvényes: {{expirationTime}}. Ne add meg senkinek, mi sem kérjük el tőled.

Ha nem te kérted a kódot, nincs teendőd: nélküle senki sem tud így belépni.

Üdvözlettel:
{{appName}}

--
Ezt a levelet automatikusan küldtük, kérjük, ne válaszolj rá.
$text$
    ),

    -- email_otp_sign_in, en
    (
        'email_otp_sign_in', 'en', 'Sign-in with an emailed code', 'Sign-in code – {{appName}}',
        '["appName", "otpCode", "expirationTime"]'::jsonb, '[]'::jsonb,
        $html$<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign-in code</title>
</head>
<body style="margin: 0; padding: 0; background-color: #f1f5f9; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<div style="display: none; max-height: 0; overflow: hidden; mso-hide: all;">The sign-in code you asked for.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f1f5f9" style="background-color: #f1f5f9;">
<tr><td align="center" style="padding: 24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width: 600px; background-color: #ffffff; border-radius: 8px;">
<tr><td style="padding: 32px; color: #0f172a; font-family: Arial, Helvetica, sans-serif;">
<h1 style="margin: 0 0 24px; font-size: 24px; line-height: 32px; color: #0f172a;">Sign-in code</h1>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Hello,</p>
<p style="margin: 0 0 16px; font-size: 16px; line-height: 24px;">Use this code to sign in without a password:</p>
<p style="margin: 8px 0 24px; padding: 16px; background-color: #eef2ff; border-radius: 6px; font-family: 'Courier New', Courier, monospace; font-size: 32px; line-height: 40px; font-weight: bold; letter-spacing: 6px; text-align: center; color: #0f172a;">{{otpCode}}</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">The code works once and is valid for {{expirationTime}}. Do not share it with anyone; we will never ask you for it.</p>
<p style="margin: 0 0 16px; font-size: 14px; line-height: 21px; color: #475569;">If you did not ask for a code, there is nothing to do: nobody can sign in this way without it.</p>
<p style="margin: 24px 0 0; font-size: 16px; line-height: 24px;">Kind regards,<br>{{appName}}</p>
</td></tr>
</table>
<p style="max-width: 600px; margin: 16px auto 0; font-size: 13px; line-height: 20px; color: #475569; font-family: Arial, Helvetica, sans-serif;">This message was sent automatically. Please do not reply to it.</p>
</td></tr>
</table>
</body>
</html>
$html$,
        $text$Sign-in code

Hello,

Use this code to sign in without a password:

{{otpCode}}

The code works once and is valid for {{expirationTime}}. Do not share it with anyone; we will never ask you for it.

If you did not ask for a code, there is nothing to do: nobody can sign in this way without it.

Kind regards,
{{appName}}

--
This message was sent automatically. Please do not reply to it.
$text$
    )
ON CONFLICT (template_type, locale) DO UPDATE
    SET name = EXCLUDED.name,
        subject_template = EXCLUDED.subject_template,
        required_data = EXCLUDED.required_data,
        optional_data = EXCLUDED.optional_data,
        html_template = EXCLUDED.html_template,
        text_template = EXCLUDED.text_template,
        updated_at = now()
    WHERE (
        email_templates.name, email_templates.subject_template, email_templates.required_data,
        email_templates.optional_data, email_templates.html_template, email_templates.text_template
    ) IS DISTINCT FROM (
        EXCLUDED.name, EXCLUDED.subject_template, EXCLUDED.required_data,
        EXCLUDED.optional_data, EXCLUDED.html_template, EXCLUDED.text_template
    );
